import { beijing, dayMs, hourMs, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import type { SettlementDay } from './set-value.js'

/** The last moment at or before `at` that a settlement day names, in the meters' own zone (Beijing). */
export function lastSettlement({ day, hour }: SettlementDay, at: Instant): Instant {
  const today = beijing.dateAt(at)
  const thisMonth = momentIn(today, day, hour)
  // Twenty-eight days from any first of a month back lead into the month before.
  return thisMonth <= at ? thisMonth : momentIn(monthBefore(today), day, hour)
}

/** The settlement before one. */
export function settlementBefore(settlementDay: SettlementDay, settledAt: Instant): Instant {
  return lastSettlement(settlementDay, settledAt - 1)
}

function momentIn(date: LocalDate, day: number, hour: number): Instant {
  return beijing.startOfDay(`${date.slice(0, 8)}${String(day).padStart(2, '0')}`) + hour * hourMs
}

function monthBefore(date: LocalDate): LocalDate {
  return beijing.dateAt(beijing.startOfDay(`${date.slice(0, 8)}01`) - dayMs)
}

/** How near to a settlement nobody can tell which one a meter's DI0 = 01 means: its clock may be as far off. */
export const settlementMarginMs = 10 * minuteMs

/** Whether a set that was read from `startedAt` to `endedAt` can be told to be of one settlement event. */
export function isClearOfSettlement(settlementDay: SettlementDay, startedAt: Instant, endedAt: Instant): boolean {
  const earliest = lastSettlement(settlementDay, startedAt - settlementMarginMs)
  return earliest === lastSettlement(settlementDay, endedAt + settlementMarginMs)
}
