import type { LineId } from '../../domain/reading.js'
import { addDays, type Calendar, dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { layCurveDays, layMonthlySets } from '../../storage/headend/set-due-reads.js'
import { catchUpDays } from '../acquisition/due-midnights.js'
import { latestDue } from './next-due.js'
import { templateOf } from './plan-coverage.js'
import type { CollectionPlan, PlanSchedule } from './plan-document.js'

export interface SetPointsWish {
  readonly plan: CollectionPlan
  readonly schedule: PlanSchedule
  readonly calendar: Calendar
  readonly dueAt: Instant
  /** The due instant that was taken up last; null before the first. */
  readonly lastDueAt: Instant | null
  /** Lines that the schedule covers. */
  readonly lineIds: readonly LineId[]
  readonly now: Instant
}

/**
 * Lays down what a schedule of sets wants of its lines since the due instant before: the reading moments of accounts for monthly sets,
 * closed days for curves of registers. Clocks, events, relays and powers are looked at and owe nothing. @returns points that are new.
 */
export async function laySetPoints(database: Queryable, wish: SetPointsWish): Promise<number> {
  const { plan, schedule, calendar, dueAt, lastDueAt, lineIds, now } = wish
  const template = templateOf(plan, schedule.template)
  const previous = lastDueAt ?? latestDue(schedule.every, calendar, dueAt - 1)
  const after = Math.max(previous, dueAt - catchUpDays * dayMs)
  if (template.reads === 'monthly_set')
    return layMonthlySets(database, { lineIds, after, through: dueAt, recordedAt: now })
  if (template.reads !== 'curve' || template.curve !== 'load_energy') return 0
  let laid = 0
  for (const { from, midnight } of daysClosedIn(calendar, after, dueAt))
    laid += await layCurveDays(database, { lineIds, from, midnight, withoutModels: oldModels(plan), recordedAt: now })
  return laid
}

/** Local days whose closing midnight lies in (after, through]. */
function daysClosedIn(
  calendar: Calendar,
  after: Instant,
  through: Instant,
): readonly { readonly from: Instant; readonly midnight: Instant }[] {
  const days: { readonly from: Instant; readonly midnight: Instant }[] = []
  for (let date = calendar.dateAt(after); calendar.startOfDay(addDays(date, 1)) <= through; date = addDays(date, 1))
    days.push({ from: calendar.startOfDay(date), midnight: calendar.startOfDay(addDays(date, 1)) })
  return days
}

/** The 1997 edition keeps no load records. */
function oldModels({ models }: CollectionPlan): readonly string[] {
  return Object.entries(models).flatMap(([model, { edition }]) => (edition === '1997' ? [model] : []))
}
