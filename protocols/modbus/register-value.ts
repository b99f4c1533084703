import { err, ok, type Result } from '../../domain/result.js'
import {
  atDecimals,
  type ExactDecimal,
  exceeds,
  formatExact,
  formatUnits,
  fromBinary,
  parseExact,
  roundedTo,
  times,
  wholeQuotient,
} from './exact-decimal.js'
import { decodeFloat32, encodeFloat32 } from './float32.js'
import { type MeterRegister, type RegisterType, registerWidths } from './meter-model.js'

/** What a register shows, as exact decimal texts in the register's unit. */
export interface RegisterValue {
  /** At the declared decimals. */
  readonly value: string
  /** As the meter sent it, to the last digit. */
  readonly exact: string
  readonly rounded: boolean
  /** False for a float32 whose step at this value exceeds one unit of the last declared decimal: such a value is never billed. */
  readonly billingGrade: boolean
}

export type RegisterValueError =
  | { readonly kind: 'length_mismatch'; readonly expected: number; readonly actual: number }
  /** More decimals than the map declares, and no rounding declared. */
  | { readonly kind: 'precision_exceeded'; readonly exact: string }
  /** NaN or infinity. */
  | { readonly kind: 'not_a_number' }
  /** A nibble beyond 9. */
  | { readonly kind: 'digits_invalid'; readonly hex: string }

export type RegisterTextError =
  | { readonly kind: 'not_a_decimal' }
  | { readonly kind: 'precision_exceeded'; readonly exact: string }
  | { readonly kind: 'value_out_of_range' }

const bitsPerRegister = 16
const one: ExactDecimal = { units: 1n, decimals: 0 }

/** The value in the bytes of a register, high byte first as a reply holds them. */
export function decodeRegister(register: MeterRegister, bytes: Buffer): Result<RegisterValue, RegisterValueError> {
  const expected = 2 * registerWidths[register.type]
  if (bytes.length !== expected) return err({ kind: 'length_mismatch', expected, actual: bytes.length })
  const raw = rawOf(register.type, integerIn(inOrder(register, bytes)))
  return raw.ok ? scaled(register, raw.value) : raw
}

/** The meter's side: bytes of a value, cut off to whole counts; a float32 takes the nearest value towards zero. */
export function encodeRegister(register: MeterRegister, text: string): Result<Buffer, RegisterTextError> {
  const value = parseExact(text)
  if (value === null) return err({ kind: 'not_a_decimal' })
  if (atDecimals(value, register.decimals) === null) return err({ kind: 'precision_exceeded', exact: text })
  const bits = bitsOf(register, value)
  if (bits === null) return err({ kind: 'value_out_of_range' })
  const bytes = Buffer.alloc(2 * registerWidths[register.type])
  let rest = bits
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    bytes.writeUInt8(Number(rest & 0xffn), at)
    rest >>= 8n
  }
  return ok(inOrder(register, bytes))
}

interface RawValue {
  readonly counts: ExactDecimal
  /** Distance to the next value that the register could hold. */
  readonly step: ExactDecimal
  readonly isFloat: boolean
}

function rawOf(type: RegisterType, bits: bigint): Result<RawValue, RegisterValueError> {
  const width = registerWidths[type] * bitsPerRegister
  switch (type) {
    case 'float32': {
      const float = decodeFloat32(bits)
      if (float === null) return err({ kind: 'not_a_number' })
      const { mantissa, exponent } = float
      return ok({ counts: fromBinary(mantissa, exponent), step: fromBinary(1n, exponent), isFloat: true })
    }
    case 'bcd16':
    case 'bcd32': {
      const digits = bits.toString(16).padStart(width / 4, '0')
      if (!/^\d+$/.test(digits)) return err({ kind: 'digits_invalid', hex: digits.toUpperCase() })
      return ok({ counts: { units: BigInt(digits), decimals: 0 }, step: one, isFloat: false })
    }
    case 'int16':
    case 'int32':
    case 'int64':
      return ok({ counts: { units: BigInt.asIntN(width, bits), decimals: 0 }, step: one, isFloat: false })
    case 'uint16':
    case 'uint32':
    case 'uint64':
    default:
      return ok({ counts: { units: bits, decimals: 0 }, step: one, isFloat: false })
  }
}

function scaled(register: MeterRegister, raw: RawValue): Result<RegisterValue, RegisterValueError> {
  const { decimals, rounding } = register
  const multiplier = multiplierOf(register)
  const exact = times(raw.counts, multiplier)
  const text = formatExact(exact)
  const unrounded = atDecimals(exact, decimals)
  if (unrounded === null && rounding === undefined) return err({ kind: 'precision_exceeded', exact: text })
  return ok({
    value: formatUnits(unrounded ?? roundedTo(exact, decimals), decimals),
    exact: text,
    rounded: unrounded === null,
    billingGrade: !(raw.isFloat && exceeds(times(raw.step, multiplier), { units: 1n, decimals })),
  })
}

function bitsOf(register: MeterRegister, value: ExactDecimal): bigint | null {
  const { type } = register
  if (type === 'float32') return encodeFloat32(value, multiplierOf(register))
  const counts = wholeQuotient(value, multiplierOf(register))
  if (counts === null) return null
  const width = registerWidths[type] * bitsPerRegister
  if (type === 'bcd16' || type === 'bcd32')
    return counts >= 0n && counts < 10n ** BigInt(width / 4) ? BigInt(`0x${counts}`) : null
  const isSigned = type === 'int16' || type === 'int32' || type === 'int64'
  const held = isSigned ? BigInt.asIntN(width, counts) : BigInt.asUintN(width, counts)
  return held === counts ? BigInt.asUintN(width, counts) : null
}

function multiplierOf({ multiplier }: MeterRegister): ExactDecimal {
  return parseExact(multiplier) ?? one
}

/** Between wire order and high byte first; its own inverse. */
function inOrder({ wordOrder, byteOrder }: MeterRegister, bytes: Buffer): Buffer {
  const registers = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.subarray(2 * index, 2 * index + 2))
  const ordered = wordOrder === 'high_first' ? registers : registers.toReversed()
  return Buffer.concat(byteOrder === 'high_first' ? ordered : ordered.map((word) => Buffer.from(word.toReversed())))
}

function integerIn(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}
