import { present } from '../../../domain/result.js'
import { type BilledLine, packLine } from '../../by-account/packed-lines.js'

/** A packed line as JSON, cut where its numbers stand: quantity, exact amount, amount. */
export type LineTemplate = readonly [head: string, afterQuantity: string, afterExact: string, tail: string]

/** Control characters, which JSON escapes and no name has. */
const marks = { quantity: '\u0001', amountExact: '\u0002', amount: '\u0003' } as const
const markedText = /\\u000[123]/

/** What is the same in all lines of one price. */
export function lineTemplate(line: Omit<BilledLine, keyof typeof marks>): LineTemplate {
  const parts = JSON.stringify(packLine({ ...line, ...marks })).split(markedText)
  const part = (index: number) => present(parts[index], 'a part of a line')
  return [part(0), part(1), part(2), part(3)]
}

/** A whole number below 2^53 of so many decimals, as `formatRational` writes it: without trailing zeros. */
export function decimalText(value: number, decimals: number): string {
  const unit = 10 ** decimals
  const rest = value % unit
  const whole = (value - rest) / unit
  if (rest === 0) return `${whole}`
  let digits = `${rest}`.padStart(decimals, '0')
  let end = digits.length
  while (digits.charCodeAt(end - 1) === zeroCode) end--
  digits = digits.slice(0, end)
  return `${whole}.${digits}`
}

const zeroCode = 0x30

/** Fen in the currency with its two decimals. */
export function fenText(fen: number): string {
  const rest = fen % 100
  return rest < 10 ? `${(fen - rest) / 100}.0${rest}` : `${(fen - rest) / 100}.${rest}`
}
