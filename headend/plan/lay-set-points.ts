import type { LineId } from '../../domain/reading.js'
import { addDays, type Calendar, dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { firstFire } from '../../storage/headend/collection-fires.js'
import { lateChangeMs, toldAfter } from '../../storage/headend/late-changes.js'
import { type ClosedDay, layCurveDays, layMonthlySets } from '../../storage/headend/set-due-reads.js'
import { catchUpDays } from '../acquisition/due-midnights.js'
import { latestDue } from './next-due.js'
import { templateOf } from './plan-coverage.js'
import type { CollectionPlan, PlanSchedule } from './plan-document.js'

export interface SetPointsWish {
  readonly plan: CollectionPlan
  readonly schedule: PlanSchedule
  readonly timeZone: string
  readonly calendar: Calendar
  readonly dueAt: Instant
  /** The due instant that was taken up last; null before the first. */
  readonly lastDueAt: Instant | null
  /** Lines that the schedule covers. */
  readonly lineIds: readonly LineId[]
  readonly now: Instant
}

export interface LaidPoints {
  /** Points that are new. */
  readonly laid: number
  /** Lines of which the schedule wants something at this due instant. */
  readonly lineIds: readonly LineId[]
}

/**
 * Lays down what a schedule of sets wants of its lines since the due instant before, and what older instants owe by what was told since:
 * the reading moments of accounts for monthly sets, closed days for curves of registers. Clocks, events, relays and powers are looked at
 * and owe nothing.
 */
export async function laySetPoints(database: Queryable, wish: SetPointsWish): Promise<LaidPoints> {
  const { plan, schedule, timeZone, calendar, dueAt, lastDueAt, lineIds, now } = wish
  const template = templateOf(plan, schedule.template)
  if (template.reads !== 'monthly_set' && !(template.reads === 'curve' && template.curve === 'load_energy'))
    return { laid: 0, lineIds }
  const previous = lastDueAt ?? latestDue(schedule.every, calendar, dueAt - 1)
  const after = Math.max(previous, dueAt - catchUpDays * dayMs)
  // Before its first due instant the schedule wanted nothing, and of that one what it closed.
  const first = (await firstFire(database, schedule.name, timeZone)) ?? dueAt
  const lateFrom = Math.min(after, Math.max(first - 1, dueAt - lateChangeMs))
  const told = { toldAfter: toldAfter(previous), recordedAt: now }
  if (template.reads === 'monthly_set')
    return layMonthlySets(database, { lineIds, after, through: dueAt, lateFrom, ...told })
  const days = daysClosedIn(calendar, after, dueAt)
  const lateDays = daysClosedIn(calendar, lateFrom, after)
  return {
    laid: await layCurveDays(database, { lineIds, days, lateDays, withoutModels: oldModels(plan), ...told }),
    lineIds,
  }
}

/** Local days whose closing midnight lies in (after, through]. */
function daysClosedIn(calendar: Calendar, after: Instant, through: Instant): readonly ClosedDay[] {
  const days: ClosedDay[] = []
  for (let date = calendar.dateAt(after); calendar.startOfDay(addDays(date, 1)) <= through; date = addDays(date, 1))
    days.push({ from: calendar.startOfDay(date), midnight: calendar.startOfDay(addDays(date, 1)) })
  return days
}

/** The 1997 edition keeps no load records. */
function oldModels({ models }: CollectionPlan): readonly string[] {
  return Object.entries(models).flatMap(([model, { edition }]) => (edition === '1997' ? [model] : []))
}
