/** Most digits that a value may have; a register has at most 12. */
export const maxValueDigits = 40

const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/

/**
 * Plain decimal text of a number's text: itself, or written out where it has an exponent. Null for anything that is no number or needs
 * more than `maxValueDigits` digits; nothing is rounded.
 */
export function plainDecimal(text: string): string | null {
  const match = decimal.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponent] = match
  if (exponent === undefined) return whole.length + fraction.length > maxValueDigits ? null : text
  const point = whole.length + Number(exponent)
  const digits = whole + fraction
  if (digits.length > maxValueDigits || Math.abs(point) > maxValueDigits) return null
  const padded = digits.padEnd(point, '0').padStart(digits.length - Math.min(0, point - 1), '0')
  const cut = Math.max(1, point)
  if (padded.length > maxValueDigits) return null
  const decimals = padded.slice(cut)
  const integer = padded.slice(0, cut).replace(/^0+(?=\d)/, '')
  return `${sign}${integer}${decimals === '' ? '' : `.${decimals}`}`
}
