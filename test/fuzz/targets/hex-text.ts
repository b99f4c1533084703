import { invariant } from '../../../domain/result.js'
import { parseHex } from '../../../protocols/inspection/hex-text.js'

/** Hexadecimal text that somebody pastes. */
export function checkHexText(input: Buffer): void {
  const text = input.toString('utf8')
  const parsed = parseHex(text)
  const digits = text.replaceAll(/\b0x/gi, '').replaceAll(/[\s,;:-]/g, '')
  if (parsed.ok) return invariant(parsed.value.toString('hex') === digits.toLowerCase(), 'the bytes are the digits')
  const { error } = parsed
  switch (error.kind) {
    case 'not_hexadecimal':
      return invariant(
        /^[^0-9A-Fa-f\s,;:-]/.test(text.slice(error.offset)),
        'the offset names a sign that does not belong',
      )
    case 'odd_number_of_digits':
      return invariant(error.digits === digits.length && error.digits % 2 === 1, 'the digits are counted')
    case 'input_empty':
      return invariant(digits === '', 'nothing is empty')
    case 'input_too_long':
      return invariant(text.length > error.limit, 'the limit is passed')
  }
}
