import { invariant } from '../../domain/result.js'

/** Digits of packed BCD sent low byte first, high digit first; null when a nibble is over 9. */
export function decodeBcd(bytes: Uint8Array): string | null {
  const digits = Buffer.from(bytes).reverse().toString('hex')
  return /^\d*$/.test(digits) ? digits : null
}

/** Packed BCD of a digit string, low byte first, filled with zeros on the left. */
export function encodeBcd(digits: string, byteCount: number): Buffer {
  const padded = digits.padStart(2 * byteCount, '0')
  invariant(/^\d+$/.test(padded) && padded.length === 2 * byteCount, `not ${byteCount} bytes of BCD: ${digits}`)
  return Buffer.from(padded, 'hex').reverse()
}

/** A field of FFH only says that the meter has no value. */
export function isAbsent(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte === 0xff)
}
