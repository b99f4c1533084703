/** kWh × 10 000 as whole numbers: total, tou1…tou4. */
export type Parts = readonly [bigint, bigint, bigint, bigint, bigint]

export const nothing: Parts = [0n, 0n, 0n, 0n, 0n]

export function plus(a: Parts, b: Parts): Parts {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]]
}

export function less(a: Parts, b: Parts): Parts {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4]]
}

export function isNegative(parts: Parts): boolean {
  return parts.some((part) => part < 0n)
}

/**
 * A whole number split by weights: each part cut down, one more to those that lost most by it until the whole is gone, the earlier first.
 * Equal weights where all are zero.
 */
export function split(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n)
  if (sum === 0n && weights.length > 0)
    return split(
      whole,
      weights.map(() => 1n),
    )
  const parts = weights.map((weight, place) => {
    return { place, part: (whole * weight) / sum, lost: (whole * weight) % sum }
  })
  const missing = whole - parts.reduce((total, { part }) => total + part, 0n)
  const byLoss = parts.toSorted((a, b) => (a.lost === b.lost ? a.place - b.place : a.lost > b.lost ? -1 : 1))
  return byLoss
    .map((one, rank) => (BigInt(rank) < missing ? { ...one, part: one.part + 1n } : one))
    .toSorted((a, b) => a.place - b.place)
    .map(({ part }) => part)
}

/** A total by time of use as another point's registers lie; the total alone where it has none. */
export function spread(total: bigint, [, ...like]: Parts): Parts {
  if (like.every((register) => register === 0n)) return [total, 0n, 0n, 0n, 0n]
  const [tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = split(total, like)
  return [total, tou1, tou2, tou3, tou4]
}

/** What a part takes off a whole: register by register where both have them. */
export function takenOff(whole: Parts, part: Parts): Parts {
  const [, ...registers] = part
  const hasRegisters = registers.some((register) => register !== 0n)
  const wholeHas = whole.slice(1).some((register) => register !== 0n)
  return wholeHas && hasRegisters ? part : spread(part[0], whole)
}

/** Half away from zero; the divisor is positive. */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend
  const rounded = (2n * magnitude + divisor) / (2n * divisor)
  return dividend < 0n ? -rounded : rounded
}
