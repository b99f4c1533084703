import { invariant } from '../../domain/result.js'

/** Two digits of each packed byte; undefined for a byte with a nibble over 9. */
const digitsOfByte: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  byte >> 4 > 9 || (byte & 0xf) > 9 ? undefined : `${byte >> 4}${byte & 0xf}`,
)
/** The two digits as a number; -1 for a byte with a nibble over 9. */
const valueOfByte = Int8Array.from(digitsOfByte, (digits) => (digits === undefined ? -1 : Number(digits)))

/** Fields go over the wire low byte first; people write them high byte first. */
export function reverseBytes(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.toReversed())
}

/** Digits of packed BCD sent low byte first, high digit first; null when a nibble is over 9. */
export function decodeBcd(bytes: Uint8Array): string | null {
  let digits = ''
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    const two = digitsOfByte[bytes[at] ?? 0]
    if (two === undefined) return null
    digits += two
  }
  return digits
}

/** The same digits as a number of at most 14 of them; -1 when a nibble is over 9. */
export function bcdNumber(bytes: Uint8Array, from: number, byteCount: number): number {
  let value = 0
  for (let at = from + byteCount - 1; at >= from; at -= 1) {
    const two = valueOfByte[bytes[at] ?? 0] ?? -1
    if (two < 0) return -1
    value = value * 100 + two
  }
  return value
}

/** Packed BCD of a digit string, low byte first, filled with zeros on the left. */
export function encodeBcd(digits: string, byteCount: number): Buffer {
  const padded = digits.padStart(2 * byteCount, '0')
  invariant(/^\d+$/.test(padded) && padded.length === 2 * byteCount, `not ${byteCount} bytes of BCD: ${digits}`)
  return reverseBytes(Buffer.from(padded, 'hex'))
}

/** A field of FFH only says that the meter has no value. */
export function isAbsent(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0xff) return false
  return bytes.length > 0
}

/** Upper-case hexadecimal in the order of the bytes. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase()
}
