import { invariant } from '../../domain/result.js'

/** Two digits of each packed byte; undefined for a byte with a nibble over 9. */
const digitsOfByte: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  byte >> 4 > 9 || (byte & 0xf) > 9 ? undefined : `${byte >> 4}${byte & 0xf}`,
)
/** The two digits as a number; -1 for a byte with a nibble over 9. */
const valueOfByte = Int8Array.from(digitsOfByte, (digits) => (digits === undefined ? -1 : Number(digits)))
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase())

/** Fields go over the wire low byte first; people write them high byte first. */
export function reverseBytes(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.toReversed())
}

/** Digits of packed BCD sent low byte first, high digit first; null when a nibble is over 9. */
export function decodeBcd(bytes: Uint8Array, from = 0, byteCount = bytes.length): string | null {
  let digits = ''
  for (let at = from + byteCount - 1; at >= from; at -= 1) {
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
  invariant(/^\d+$/.test(digits) && digits.length <= 2 * byteCount, `not ${byteCount} bytes of BCD: ${digits}`)
  const bytes = Buffer.alloc(byteCount)
  writeReversedHex(digits.length % 2 === 0 ? digits : `0${digits}`, bytes, 0)
  return bytes
}

/** A field of FFH only says that the meter has no value. */
export function isAbsent(bytes: Uint8Array, from = 0, byteCount = bytes.length): boolean {
  for (let at = from; at < from + byteCount; at += 1) if (bytes[at] !== 0xff) return false
  return byteCount > 0
}

/** Upper-case hexadecimal of bytes sent low byte first, high byte first. */
export function reversedHex(bytes: Uint8Array, from: number, byteCount: number): string {
  let text = ''
  for (let at = from + byteCount - 1; at >= from; at -= 1) text += hexOfByte[bytes[at] ?? 0] ?? ''
  return text
}

/** Writes pairs of hexadecimal digits from `from` on, the last pair first. */
export function writeReversedHex(text: string, bytes: Uint8Array, from: number): void {
  for (let at = text.length - 2, to = from; at >= 0; at -= 2, to += 1)
    bytes[to] = (nibble(text.charCodeAt(at)) << 4) | nibble(text.charCodeAt(at + 1))
}

const zero = 48
const upperA = 65

function nibble(character: number): number {
  const upper = character & ~0x20
  return upper >= upperA ? upper - upperA + 10 : character - zero
}
