import type { ExactDecimal } from './exact-decimal.js'

/** A finite float32: `mantissa` × 2^`exponent`; 2^`exponent` is the distance to its neighbours. Source: IEEE 754-2008, binary32. */
export interface Float32 {
  readonly mantissa: bigint
  readonly exponent: number
}

const fractionBits = 23
const hiddenBit = 1n << BigInt(fractionBits)
const signBit = 1n << 31n
const exponentMask = 0xff
const exponentBias = 127
const leastExponent = 1 - exponentBias - fractionBits
const mostExponent = exponentMask - 1 - exponentBias - fractionBits

/** The float in 32 bits; null for NaN and the infinities. */
export function decodeFloat32(bits: bigint): Float32 | null {
  const biased = Number((bits >> BigInt(fractionBits)) & BigInt(exponentMask))
  if (biased === exponentMask) return null
  const fraction = bits & (hiddenBit - 1n)
  const size = biased === 0 ? fraction : fraction | hiddenBit
  const exponent = biased === 0 ? leastExponent : biased - exponentBias - fractionBits
  return { mantissa: (bits & signBit) === 0n ? size : -size, exponent }
}

/** Bits of `value` / `divisor` cut off towards zero to a float32; null when it is too large. */
export function encodeFloat32(value: ExactDecimal, divisor: ExactDecimal): bigint | null {
  const sign = value.units < 0n !== divisor.units < 0n && value.units !== 0n ? signBit : 0n
  const numerator = magnitude(value.units) * 10n ** BigInt(divisor.decimals)
  const denominator = magnitude(divisor.units) * 10n ** BigInt(value.decimals)
  if (denominator === 0n) return null
  const lengthDifference = numerator.toString(2).length - denominator.toString(2).length
  let exponent = Math.max(leastExponent, lengthDifference - fractionBits - 1)
  let mantissa = shiftedQuotient(numerator, denominator, exponent)
  while (mantissa >= hiddenBit << 1n) {
    exponent += 1
    mantissa = shiftedQuotient(numerator, denominator, exponent)
  }
  if (exponent > mostExponent) return null
  if (mantissa < hiddenBit) return sign | mantissa
  const biased = BigInt(exponent + exponentBias + fractionBits)
  return sign | (biased << BigInt(fractionBits)) | (mantissa & (hiddenBit - 1n))
}

function shiftedQuotient(numerator: bigint, denominator: bigint, exponent: number): bigint {
  const shift = BigInt(Math.abs(exponent))
  return exponent < 0 ? (numerator << shift) / denominator : numerator / (denominator << shift)
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
