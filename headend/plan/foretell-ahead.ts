import { present } from '../../domain/result.js'
import type { LineId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import { calendarOf, hourMs, type Instant, minuteMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { missingDueReads } from '../../storage/headend/due-reads.js'
import { dueReadsToCome } from '../../storage/headend/due-reads-to-come.js'
import { type LineRow, loadLines } from '../../storage/headend/lines.js'
import { loadLineSubjects } from '../../storage/headend/plan-subjects.js'
import { foretoldLines, insertForecastAhead } from '../../storage/headend/window-forecasts.js'
import { missingSpan } from '../acquisition/collect-window.js'
import { modelsOf } from '../acquisition/models-of.js'
import { prepareDue } from '../acquisition/prepare-due.js'
import { companyWideLimitMs } from '../database-limits.js'
import { type Line, parseLine } from '../line-settings.js'
import { forecastWindowOf, isSeenBus, type SeenBus, toForecastFact } from '../schedule/foretell.js'
import type { LineForecast } from '../schedule/line-forecast.js'
import { latestDue } from './next-due.js'
import { covers, groupOf, spanOf, templateOf, type WindowSpan } from './plan-coverage.js'
import type { CollectionPlan, PlanSchedule } from './plan-document.js'

/** So long before it opens a window is foretold, so that somebody can still do something about it. */
export const foretellLeadMs = hourMs

/** What was said of a window that is yet to open. */
export interface ForetoldAhead {
  readonly schedule: string
  readonly line: Pick<Line, 'lineId' | 'code'>
  readonly opensAt: Instant
  readonly forecast: LineForecast
}

/**
 * Says what the windows of daily freezes will take that open within the lead, once for each line, and records it. Any node may, as often
 * as it likes. A window for which no node was there in time is foretold by whoever begins it.
 */
export async function foretellAhead(
  { database, clock }: { readonly database: Database; readonly clock: Pick<Clock, 'now'> },
  plan: CollectionPlan,
): Promise<readonly ForetoldAhead[]> {
  const now = clock.now()
  const rows = await loadLines(database)
  const windows = [...new Set(rows.map((row) => row.time_zone))].flatMap((zone) => windowsAhead(plan, zone, now))
  if (windows.length === 0) return []
  const open = await unsaid(database, windows, rows)
  if (open.length === 0) return []
  const subjects = await loadLineSubjects(database.withStatementLimit(companyWideLimitMs), now)
  const said: ForetoldAhead[] = []
  for (const { window, lines } of open) {
    const { schedule, dueAt, span } = window
    for (const subject of subjects) {
      const line = lines.get(subject.lineId)
      if (line === undefined || subject.meters === 0 || !covers(groupOf(plan, schedule.group), subject)) continue
      const forecast = await forecastAhead(database, plan, { line, dueAt, span, now })
      const fact = toForecastFact(line, forecast, { windowStart: span.start, now })
      if (await insertForecastAhead(database, fact))
        said.push({ schedule: schedule.name, line, opensAt: span.start, forecast })
    }
  }
  return said
}

interface WindowAhead {
  readonly schedule: PlanSchedule
  readonly timeZone: string
  readonly dueAt: Instant
  readonly span: WindowSpan
}

interface OpenWindow {
  readonly window: WindowAhead
  /** Of which nobody has said anything yet. */
  readonly lines: ReadonlyMap<LineId, SeenBus>
}

/** Windows of which something is left to say: what hangs on lines is asked of the whole registry, and only then worth it. */
async function unsaid(
  database: Database,
  windows: readonly WindowAhead[],
  rows: readonly LineRow[],
): Promise<readonly OpenWindow[]> {
  const open: OpenWindow[] = []
  for (const window of windows) {
    const done = await foretoldLines(database, window.span.start)
    const lines = new Map<LineId, SeenBus>()
    for (const row of rows) {
      if (row.time_zone !== window.timeZone || done.has(row.line_id)) continue
      const line = parseLine(row)
      if (line.ok && isSeenBus(line.value)) lines.set(row.line_id, line.value)
    }
    if (lines.size > 0) open.push({ window, lines })
  }
  return open
}

/** The windows of freezes in a zone that open after now and within the lead. */
function windowsAhead(plan: CollectionPlan, timeZone: string, now: Instant): readonly WindowAhead[] {
  const calendar = calendarOf(timeZone)
  if (calendar === null) return []
  return plan.schedules
    .filter(({ template }) => templateOf(plan, template).reads === 'daily_freeze')
    .map((schedule) => {
      const dueAt = latestDue(schedule.every, calendar, now + foretellLeadMs - schedule.window.opensMinutes * minuteMs)
      return { schedule, timeZone, dueAt, span: spanOf(schedule, dueAt) }
    })
    .filter(({ span }) => span.start > now)
}

async function forecastAhead(
  database: Database,
  plan: CollectionPlan,
  window: {
    readonly line: Line
    readonly dueAt: Instant
    readonly span: WindowSpan
    readonly now: Instant
  },
): Promise<LineForecast> {
  const { line, dueAt, span, now } = window
  const laid = await missingDueReads(database, missingSpan(plan, line, dueAt, now))
  const toCome = dueAt > now ? await dueReadsToCome(database, { lineId: line.lineId, dueAt, now }) : []
  const due = await prepareDue(database, plan, { missing: [...laid, ...toCome], midnight: dueAt })
  const forecast = await forecastWindowOf(database, line, { due, window: span, now, quirksOf: modelsOf(plan) })
  return present(forecast, `forecast of ${line.code}`)
}
