import type { RegisterSet } from '../../domain/reading.js'
import { addDays, type Calendar, daysBetween, type Instant } from '../../domain/time.js'
import type { UsageHistory } from './estimation-context.js'

/** How far back a point's own days are looked at. */
export const historyDays = 70

/** Accepted totals of one meter, in order of time. */
export interface TotalsInTime {
  readonly readAts: readonly Instant[]
  readonly totalsE4: readonly bigint[]
  readonly firstTouE4: RegisterSet['touE4']
}

/** From where totals are wanted for the history that ends at an instant. */
export function historyStart(calendar: Calendar, end: Instant): Instant {
  return calendar.startOfDay(addDays(calendar.dateAt(end), -historyDays)) - 1
}

/**
 * Accepted totals on the local midnights up to the one at or before `end`. A live read stands for the midnight that it follows within
 * the tolerance; other readings are no ends of days.
 */
export function toUsageHistory(
  { readAts, totalsE4, firstTouE4 }: TotalsInTime,
  {
    calendar,
    end,
    endTouE4,
    liveToleranceMs,
  }: {
    readonly calendar: Calendar
    readonly end: Instant
    readonly endTouE4: RegisterSet['touE4']
    readonly liveToleranceMs: number
  },
): UsageHistory {
  const lastMidnight = calendar.dateAt(end)
  const firstMidnight = addDays(lastMidnight, -historyDays)
  const midnights = Array.from({ length: historyDays + 1 }, (): bigint | null => null)
  for (const [place, readAt] of readAts.entries()) {
    const day = daysBetween(firstMidnight, calendar.dateAt(readAt))
    if (readAt - calendar.startOfDayAt(readAt) <= liveToleranceMs && day >= 0 && day <= historyDays)
      midnights[day] ??= totalsE4[place] ?? null
  }
  const known = midnights.findIndex((total) => total !== null)
  const skipped = known === -1 ? historyDays : known
  const counted = (index: 0 | 1 | 2 | 3) => difference(firstTouE4[index], endTouE4[index])
  return {
    firstMidnight: addDays(firstMidnight, skipped),
    totalsE4: midnights.slice(skipped),
    tariffUsagesE4: [counted(0), counted(1), counted(2), counted(3)],
  }
}

function difference(earlierE4: bigint | null, laterE4: bigint | null): bigint | null {
  return earlierE4 === null || laterE4 === null || laterE4 < earlierE4 ? null : laterE4 - earlierE4
}
