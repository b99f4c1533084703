import type { SegmentUsages } from '../../storage/billing/usage-columns.js'
import { monthIndex } from './calendar-days.js'
import type { LocalDays } from './local-days.js'

/** What decides where a ladder stands. */
export type LadderRecord = Pick<
  SegmentUsages,
  'periodStart' | 'ladderFromDay' | 'lastBillEnd' | 'lastBillLadderE4' | 'openingAsOf' | 'openingLadderE4'
>

/**
 * Where the annual ladder of account `row` stands when the period begins, kWh e4; NaN when nothing on record says so, which holds the
 * account. Nothing is used up when months count only from a day inside the period, or when the period opens a ladder year. Otherwise the
 * last bill says it, provided it ends where the period begins; before the first bill the opening state, provided it was taken there.
 */
export function ladderOpening(usages: LadderRecord, row: number, days: LocalDays): number {
  const periodStart = usages.periodStart[row] ?? Number.NaN
  const periodFrom = days(periodStart)
  if ((usages.ladderFromDay[row] ?? 0) >= periodFrom || opensLadderYear(periodFrom)) return 0
  const lastBillEnd = usages.lastBillEnd[row] ?? Number.NaN
  if (!Number.isNaN(lastBillEnd))
    return lastBillEnd === periodStart ? (usages.lastBillLadderE4[row] ?? Number.NaN) : Number.NaN
  return usages.openingAsOf[row] === periodStart ? (usages.openingLadderE4[row] ?? Number.NaN) : Number.NaN
}

function opensLadderYear(day: number): boolean {
  const month = monthIndex(day)
  return month % 12 === 0 && monthIndex(day - 1) !== month
}
