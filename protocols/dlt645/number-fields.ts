import { decodeBcd, encodeBcd } from './bcd.js'
import type { FieldType } from './field.js'

const signBit = 0x80
const plainDecimal = /^(-?)(\d+)(?:\.(\d+))?$/

interface DecimalOptions {
  readonly unit?: string | null
  /** The top bit of the highest byte is the sign, so that the highest digit is at most 7. */
  readonly signed?: boolean
}

/** Packed BCD with a fixed number of decimals, such as XXXXXX.XX; the text keeps all of them. */
export function decimal(
  bytes: number,
  decimals: number,
  { unit = null, signed = false }: DecimalOptions = {},
): FieldType {
  const digitCount = 2 * bytes
  return {
    bytes,
    unit,
    absentBytes: [0xff],
    example: `${signed ? '-' : ''}1${decimals === 0 ? '' : `.${'2'.repeat(decimals)}`}`,
    read: (buffer, at) => (signed ? readSigned(buffer, at, bytes, decimals) : readDigits(buffer, at, bytes, decimals)),
    write(text) {
      const [, sign = '', whole, fraction = ''] = plainDecimal.exec(text) ?? []
      if (whole === undefined || fraction.length > decimals) return null
      const digits = `${whole}${fraction.padEnd(decimals, '0')}`.replace(/^0+(?=\d)/, '')
      if (digits.length > digitCount || (sign !== '' && !signed)) return null
      if (signed && digits.length === digitCount && digits > '8') return null
      const field = encodeBcd(digits, bytes)
      if (sign !== '' && digits !== '0') field[bytes - 1] = (field[bytes - 1] ?? 0) | signBit
      return field
    },
  }
}

/** A whole number without leading zeros. */
export function counter(bytes: number, unit: string | null = null): FieldType {
  return { ...decimal(bytes, 0, { unit }), example: '7' }
}

function readDigits(buffer: Buffer, at: number, bytes: number, decimals: number): string | null {
  const digits = decodeBcd(buffer, at, bytes)
  return digits === null ? null : pointed(digits, decimals)
}

function readSigned(buffer: Buffer, at: number, bytes: number, decimals: number): string | null {
  const top = buffer[at + bytes - 1] ?? 0
  if ((top & signBit) === 0) return readDigits(buffer, at, bytes, decimals)
  const unsigned = Buffer.from(buffer.subarray(at, at + bytes))
  unsigned[bytes - 1] = top & ~signBit
  const magnitude = readDigits(unsigned, 0, bytes, decimals)
  if (magnitude === null) return null
  return /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude
}

/** Puts the point before the last `decimals` digits and takes off zeros that stand in front for nothing. */
function pointed(digits: string, decimals: number): string {
  const split = digits.length - decimals
  let from = 0
  while (from < split - 1 && digits.charCodeAt(from) === 48) from += 1
  if (decimals === 0) return digits.slice(from)
  return `${split === 0 ? '0' : digits.slice(from, split)}.${digits.slice(split)}`
}
