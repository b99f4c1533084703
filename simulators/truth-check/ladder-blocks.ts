import type { Ladder } from './tariff-file.js'
import type { Settlement } from './truth-file.js'

const beijingOffsetMs = 8 * 3_600_000
const monthsPerYear = 12

/** The settlement's energy (kWh e4) in each block of the annual ladder, given what the account had used before. */
export function blockEnergiesE4(ladder: Ladder, settlement: Settlement, energyE4: bigint): readonly bigint[] {
  const months = BigInt(monthsInUse(settlement))
  const limits = ladder.monthlyLimitsKwh.map(
    ({ numerator, denominator }) => (numerator * months * 10_000n) / denominator,
  )
  const before = settlement.openingLadderE4
  const after = before + energyE4
  return [...limits, null].map((upper, index) => {
    const lower = index === 0 ? 0n : (limits[index - 1] ?? 0n)
    return capped(after, upper, lower) - capped(before, upper, lower)
  })
}

/** How much of a running sum lies between two bounds; `upper` null is unbounded. */
function capped(sum: bigint, upper: bigint | null, lower: bigint): bigint {
  const top = upper === null || sum < upper ? sum : upper
  return top > lower ? top - lower : 0n
}

/** Months from the ladder's first day to the year's end, or to the end of a cleared account; a started month counts whole. */
function monthsInUse({ kind, ladderFrom, periodEnd }: Settlement): number {
  const first = Number(ladderFrom.slice(5, 7))
  if (kind === 'regular') return monthsPerYear - first + 1
  const lastDay = new Date(periodEnd - 1 + beijingOffsetMs)
  return lastDay.getUTCMonth() + 1 - first + 1
}
