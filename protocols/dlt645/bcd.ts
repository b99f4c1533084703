import { invariant } from '../../domain/result.js'

/** Fields go over the wire low byte first; people write them high byte first. */
export function reverseBytes(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.toReversed())
}

/** Digits of packed BCD sent low byte first, high digit first; null when a nibble is over 9. */
export function decodeBcd(bytes: Uint8Array): string | null {
  const digits = reverseBytes(bytes).toString('hex')
  return /^\d*$/.test(digits) ? digits : null
}

/** Packed BCD of a digit string, low byte first, filled with zeros on the left. */
export function encodeBcd(digits: string, byteCount: number): Buffer {
  const padded = digits.padStart(2 * byteCount, '0')
  invariant(/^\d+$/.test(padded) && padded.length === 2 * byteCount, `not ${byteCount} bytes of BCD: ${digits}`)
  return reverseBytes(Buffer.from(padded, 'hex'))
}

/** A field of FFH only says that the meter has no value. */
export function isAbsent(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte === 0xff)
}
