import { dayMs } from '../../domain/time.js'
import type { HistoryRow } from '../../storage/mdm/exception-evidence.js'

/** So many differences make a habit. */
const fewestDifferences = 3

/** Median usage per day between neighbouring real readings, kWh e4 before the multiplier; null where there are too few. */
export function usualPerDay(history: readonly HistoryRow[]): bigint | null {
  const read = history.filter(({ verdict }) => verdict === 'accepted')
  const perDay = read.flatMap(({ readAt, totalE4 }, index) => {
    const previous = read[index - 1]
    if (previous === undefined || totalE4 === null || previous.totalE4 === null || totalE4 < previous.totalE4) return []
    return [((totalE4 - previous.totalE4) * BigInt(dayMs)) / BigInt(readAt - previous.readAt)]
  })
  if (perDay.length < fewestDifferences) return null
  const sorted = perDay.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
