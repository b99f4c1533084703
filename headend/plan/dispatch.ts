import { groupBy } from '../../domain/group-by.js'
import type { Clock } from '../../domain/runtime.js'
import { type Calendar, calendarOf, closedDay, type Instant, type LocalDate } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { insertFire, lastFire } from '../../storage/headend/collection-fires.js'
import { loadLines } from '../../storage/headend/lines.js'
import { type LineSubject, loadLineSubjects } from '../../storage/headend/plan-subjects.js'
import { type NewWindow, scheduleWindows } from '../../storage/headend/window-work.js'
import { companyWideLimitMs } from '../database-limits.js'
import { layWindow } from '../acquisition/collect-window.js'
import { laySetPoints } from './lay-set-points.js'
import { latestDue } from './next-due.js'
import { carrierOf, covers, groupOf, spanOf } from './plan-coverage.js'
import type { CollectionPlan, PlanSchedule } from './plan-document.js'
import type { PlanInForce } from './plan-in-force.js'

/** A due instant that was taken up now. */
export interface Fired {
  readonly schedule: string
  readonly timeZone: string
  readonly dueAt: Instant
  /** When its windows open. */
  readonly start: Instant
  /** Due points that are new. */
  readonly laid: number
  /** Days of use that went by so long ago that nothing was laid down for them. */
  readonly dropped: readonly LocalDate[]
  readonly windows: number
  readonly recordedAt: Instant
}

/**
 * Takes up what has fallen due since the last time: due points are laid down, and each line gets a window on the list of work. Any
 * node may do it, as often as it likes. Of instants that were missed, the latest gets windows, because one window asks for all that is
 * missing; their due points are all laid down. A window that is over is only made up for where its schedule says so.
 */
export async function dispatch(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { plan, revision }: PlanInForce,
): Promise<readonly Fired[]> {
  const now = clock.now()
  const rows = await loadLines(database)
  const due = await findDue(database, plan, new Set(rows.map((row) => row.time_zone)), now)
  if (due.length === 0) return []
  // These go over all meters of the company at once.
  const patient = database.withStatementLimit(companyWideLimitMs)
  const devices = new Map(rows.map(({ code, settings }) => [code, deviceOf(code, settings)]))
  const linesOf = groupBy(await loadLineSubjects(patient, now), (line) => line.timeZone)
  const fired: Fired[] = []
  for (const { schedule, timeZone, calendar, dueAt, lastDueAt } of due) {
    const lines = (linesOf.get(timeZone) ?? []).filter(isCoveredBy(schedule))
    const lineIds = lines.map(({ lineId }) => lineId)
    const freezes = await layWindow({ database: patient, clock }, dueAt, { timeZone, calendar })
    const sets = await laySetPoints(patient, { plan, schedule, timeZone, calendar, dueAt, lastDueAt, lineIds, now })
    const wanted = new Set(sets.lineIds)
    const covered = isOver(schedule, dueAt, now) ? [] : lines.filter(({ lineId }) => wanted.has(lineId))
    const fire = { schedule: schedule.name, timeZone, dueAt, revision, windows: covered.length, recordedAt: now }
    await patient.transaction(async (tx) => {
      await scheduleWindows(
        tx,
        covered.map((line) => windowOf(schedule, dueAt, line)),
        now,
      )
      await insertFire(tx, fire)
    })
    const dropped = freezes.dropped.map((each) => closedDay(calendar, each))
    fired.push({ ...fire, start: spanOf(schedule, dueAt).start, laid: freezes.laid + sets.laid, dropped })
  }
  return fired

  function isCoveredBy({ group }: PlanSchedule): (line: LineSubject) => boolean {
    return (line) => line.meters > 0 && covers(groupOf(plan, group), line)
  }

  function windowOf(schedule: PlanSchedule, dueAt: Instant, line: LineSubject): NewWindow {
    return {
      schedule: schedule.name,
      line: line.code,
      device: devices.get(line.code) ?? line.code,
      carrier: carrierOf(plan, line),
      dueAt,
      start: spanOf(schedule, dueAt).start,
    }
  }
}

interface DueSchedule {
  readonly schedule: PlanSchedule
  readonly timeZone: string
  readonly calendar: Calendar
  readonly dueAt: Instant
  readonly lastDueAt: Instant | null
}

/** Schedules whose latest due instant nobody has taken up yet. */
async function findDue(
  database: Database,
  plan: CollectionPlan,
  zones: ReadonlySet<string>,
  now: Instant,
): Promise<readonly DueSchedule[]> {
  const found: DueSchedule[] = []
  for (const timeZone of zones) {
    const calendar = calendarOf(timeZone)
    if (calendar === null) continue
    for (const schedule of plan.schedules) {
      const dueAt = latestDue(schedule.every, calendar, now)
      const last = await lastFire(database, schedule.name, timeZone)
      if (last === null || last < dueAt) found.push({ schedule, timeZone, calendar, dueAt, lastDueAt: last })
    }
  }
  return found
}

function isOver(schedule: PlanSchedule, dueAt: Instant, now: Instant): boolean {
  return !schedule.catchUp && now >= spanOf(schedule, dueAt).end
}

/** Lines on one host share its serial server; a concentrator or a serial port stands for itself. */
function deviceOf(code: string, settings: unknown): string {
  const isObject = typeof settings === 'object' && settings !== null
  return isObject && 'host' in settings && typeof settings.host === 'string' ? settings.host : code
}
