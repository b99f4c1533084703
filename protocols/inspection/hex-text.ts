import { err, ok, type Result } from '../../domain/result.js'

export type HexError =
  | { readonly kind: 'input_empty' }
  | { readonly kind: 'input_too_long'; readonly limit: number }
  /** `offset` counts characters. */
  | { readonly kind: 'not_hexadecimal'; readonly offset: number; readonly found: string }
  | { readonly kind: 'odd_number_of_digits'; readonly digits: number }

/** Longest text that is looked at: many times the longest conversation that somebody pastes. */
export const maxHexCharacters = 1_000_000

/** Bytes of hexadecimal text, upper or lower case; blanks, `,` `;` `:` `-` and `0x` may stand between them. */
export function parseHex(text: string): Result<Buffer, HexError> {
  if (text.length > maxHexCharacters) return err({ kind: 'input_too_long', limit: maxHexCharacters })
  const bare = text.replaceAll(/\b0x/gi, '  ')
  const offset = bare.search(/[^0-9A-Fa-f\s,;:-]/)
  if (offset !== -1) return err({ kind: 'not_hexadecimal', offset, found: bare.charAt(offset) })
  const digits = bare.replaceAll(/[\s,;:-]+/g, '')
  if (digits.length === 0) return err({ kind: 'input_empty' })
  if (digits.length % 2 !== 0) return err({ kind: 'odd_number_of_digits', digits: digits.length })
  return ok(Buffer.from(digits, 'hex'))
}
