import { decodeBcd, encodeBcd, reverseBytes, reversedHex } from './bcd.js'
import type { FieldType } from './field.js'
import { baudOfRateFlag, rateFlagOfBaud } from './rate-flag.js'

/** BCD digits that are a name and no number: all of them stay, leading zeros too. */
export function digits(bytes: number): FieldType {
  const digitCount = 2 * bytes
  return {
    bytes,
    unit: null,
    absentBytes: [0xff],
    example: '12'.repeat(bytes),
    read: (buffer, at) => decodeBcd(buffer, at, bytes),
    write: (text) => (/^\d+$/.test(text) && text.length === digitCount ? encodeBcd(text, bytes) : null),
  }
}

/** Bytes that are no BCD, high byte first: status words, identifiers, feature bits, cipher text. */
export function hex(bytes: number, absentBytes: readonly number[] = []): FieldType {
  return {
    bytes,
    unit: null,
    absentBytes,
    example: '0A'.repeat(bytes),
    read: (buffer, at) => reversedHex(buffer, at, bytes),
    write: (text) =>
      /^(?:[0-9A-Fa-f]{2})+$/.test(text) && text.length === 2 * bytes ? reverseBytes(Buffer.from(text, 'hex')) : null,
  }
}

/** Plain binary of one or two bytes as a decimal number: sequence and record numbers. */
export function binary(bytes: 1 | 2): FieldType {
  return {
    bytes,
    unit: null,
    absentBytes: [],
    example: '5',
    read: (buffer, at) => String(buffer.readUIntLE(at, bytes)),
    write(text) {
      const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
      if (!(value < 256 ** bytes)) return null
      const field = Buffer.alloc(bytes)
      field.writeUIntLE(value, 0, bytes)
      return field
    },
  }
}

const printable = /^[\x20-\x7e]*$/

/** ASCII, the last character first on the wire, filled up with 00H; blanks around it are taken off, and nothing else that is white: 09H or A0H is no text. */
export function ascii(bytes: number): FieldType {
  return {
    bytes,
    unit: null,
    absentBytes: [0xff],
    example: 'A1',
    read(buffer, at) {
      const written = reverseBytes(buffer.subarray(at, at + bytes))
        .toString('latin1')
        .replaceAll('\0', ' ')
        .replaceAll(/^ +| +$/g, '')
      return printable.test(written) ? written : null
    },
    write: (value) =>
      printable.test(value) && value.trim() === value && value.length <= bytes
        ? reverseBytes(Buffer.from(value.padStart(bytes, '\0'), 'latin1'))
        : null,
  }
}

/** Rate flag Z, exactly one bit, as the rate it means. */
export const rateFlag: FieldType = {
  bytes: 1,
  unit: 'bit/s',
  absentBytes: [],
  example: '2400',
  read: (buffer, at) => baudOfRateFlag(buffer[at] ?? 0)?.toString() ?? null,
  write(baud) {
    const flag = rateFlagOfBaud(Number(baud))
    return flag === null ? null : Buffer.from([flag])
  },
}
