/** By how much each day counts less than the one after it, in ten-thousandths. */
export interface Fading {
  readonly perDayE4: bigint
}
/** Half after three days: of the half lives tried on real households the one with the least error (ADR 0018). */
export const quickFading: Fading = { perDayE4: 7937n }
/** Half after three weeks: of one type of day there are few. */
export const slowFading: Fading = { perDayE4: 9675n }

const longestMemory = 60
const firstWeight = 1_000_000_000n

const weights = new Map<bigint, readonly bigint[]>()

/** Mean of the known values before `from`, the nearest one counting most; null when none is known. */
export function weightedMean(
  values: readonly (bigint | null)[],
  from: number,
  { perDayE4 }: Fading,
  counts: (index: number) => boolean = () => true,
): bigint | null {
  const ofAge = weights.get(perDayE4) ?? weightsOf(perDayE4)
  let [sum, weight] = [0n, 0n]
  for (let age = 0; age < longestMemory && age < from; age += 1) {
    const value = values[from - 1 - age] ?? null
    if (value === null || !counts(from - 1 - age)) continue
    const share = ofAge[age] ?? 0n
    sum += value * share
    weight += share
  }
  return weight === 0n ? null : sum / weight
}

function weightsOf(perDayE4: bigint): readonly bigint[] {
  const made = [firstWeight]
  while (made.length < longestMemory) made.push(((made.at(-1) ?? 0n) * perDayE4) / 10_000n)
  weights.set(perDayE4, made)
  return made
}
