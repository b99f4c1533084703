import { groupBy } from '../../domain/group-by.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { MeterId } from '../../domain/reading.js'
import type { Database, Queryable } from '../../storage/database.js'
import { missingDueReads } from '../../storage/headend/due-reads.js'
import { storeCollected } from '../../storage/headend/store-collected.js'
import { findLineRow } from '../../storage/headend/find-line.js'
import type { MeterInScope } from '../../storage/headend/meters-in-scope.js'
import { catchUpDays } from '../acquisition/due-midnights.js'
import { isReadLive } from '../acquisition/collect-window.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import { createLeaseKeeper } from '../ingest/lease-keeper.js'
import { type Line, parseLine } from '../line-settings.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { collectPass } from './collect-pass.js'
import { createLineQueue } from '../schedule/line-queue.js'
import { forecastWindowOf } from '../schedule/foretell.js'
import { prepareDue } from '../acquisition/prepare-due.js'
import { modelsOf } from '../acquisition/models-of.js'
import { schedulesFor, spanOf, type WindowSpan } from '../plan/plan-coverage.js'
import { type LineSubject, loadLineSubjects } from '../../storage/headend/plan-subjects.js'
import { present } from '../../domain/result.js'
import { holdLine, usualHoldTiming } from './line-hold.js'
import { createWindowRuns } from './window-runs.js'

/** What is missing on one line, and what can be had by asking now. */
export interface LineGap {
  readonly line: Line
  readonly missing: readonly OpenRead[]
  /** Those the meters' freeze memory can still hold. */
  readonly askable: readonly OpenRead[]
  /** Airtime of what fits the window. */
  readonly predictedMs: number
  /** What the line's window would not hold, were it read now, and the airtime that is missing for it. */
  readonly unfit: { readonly jobs: number; readonly missingMs: number }
}

export interface GapOptions {
  readonly plan: CollectionPlan
  /** Newest midnight wanted, and how many before it. */
  readonly midnight: Instant
  readonly days: number
  readonly meters: readonly MeterInScope[]
}

/** The gaps of the lines of some meters, by line. Lines whose settings cannot be used are left out. */
export async function findGaps(database: Queryable, clock: Clock, options: GapOptions): Promise<readonly LineGap[]> {
  const gaps: LineGap[] = []
  const subjects = new Map((await loadLineSubjects(database, clock.now())).map((each) => [each.code, each]))
  for (const [code, meters] of groupBy(options.meters, ({ lineCode }) => lineCode)) {
    const row = await findLineRow(database, code)
    const parsed = row === null ? null : parseLine(row)
    if (parsed?.ok !== true) continue
    const wanted = { line: parsed.value, subject: present(subjects.get(code), `line ${code}`) }
    gaps.push(await gapOf(database, clock, wanted, new Set(meters.map(({ meterId }) => meterId)), options))
  }
  return gaps
}

async function gapOf(
  database: Queryable,
  clock: Clock,
  { line, subject }: { readonly line: Line; readonly subject: LineSubject },
  meters: ReadonlySet<MeterId>,
  { plan, midnight, days }: GapOptions,
): Promise<LineGap> {
  const all = await missingDueReads(database, {
    lineId: line.lineId,
    from: midnight - days * dayMs,
    through: midnight,
    now: clock.now(),
    noFreezeLimit: plan.ladder.noFreezeLimit,
  })
  const missing = all.filter(({ meterId }) => meters.has(meterId))
  const askable = missing.filter(({ readAt }) => canBeAsked(line, readAt, clock.now()))
  const forecast = await forecastWindowOf(database, line, {
    due: await prepareDue(database, plan, { missing: askable, midnight }),
    window: windowFor(plan, subject, midnight, clock.now()),
    now: clock.now(),
    quirksOf: modelsOf(plan),
  })
  return {
    line,
    missing,
    askable,
    predictedMs: forecast === null ? unseenMs(line, askable.length) : Math.ceil(forecast.airtimeMs),
    unfit: { jobs: forecast?.unfit.length ?? 0, missingMs: Math.ceil(forecast?.missingMs ?? 0) },
  }
}

/** A Modbus gateway answers one read in about this time, whatever goes on behind it. */
const gatewayReadMs = 200

/** A concentrator takes its time before we ask. */
function unseenMs({ kind }: Line, points: number): number {
  return kind === 'mqtt_concentrator' ? 0 : points * gatewayReadMs
}

/** The window of the midnight while it lasts, otherwise one as long that begins now. A line without a schedule has a day. */
function windowFor(plan: CollectionPlan, subject: LineSubject, midnight: Instant, now: Instant): WindowSpan {
  const [schedule] = schedulesFor(plan, 'daily_freeze', subject)
  if (schedule === undefined) return { start: now, end: now + dayMs, passStarts: [now] }
  const span = spanOf(schedule, midnight)
  if (now < span.end) return span
  const later = now - span.start
  return { start: now, end: span.end + later, passStarts: span.passStarts.map((start) => start + later) }
}

/** A concentrator delivers by itself; a live register is yesterday's no more; freezes older than the memory are gone. */
function canBeAsked(line: Line, readAt: Instant, now: Instant): boolean {
  if (line.kind === 'mqtt_concentrator' || isReadLive(line)) return false
  return now - readAt < catchUpDays * dayMs
}

export interface OnceOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly plan: CollectionPlan
  /** Names this run: leases are taken under it. */
  readonly instance: string
  readonly midnight: Instant
  readonly days: number
  readonly stopping: AbortSignal
  readonly onRead: () => void
}

export interface OnceReport {
  readonly line: string
  /** `not_owner`: a node reads the line now; its own windows bring what is missing. */
  readonly status: 'passed' | 'line_down' | 'interrupted' | 'not_owner'
  readonly due: number
  readonly read: number
  readonly open: number
  readonly predictedMs: number
  readonly achievedMs: number
}

/** So long a pass that a person began may take at the most. */
const longestPassMs = dayMs

/** One pass over the askable gaps of several lines, as many at once as the plan allows behind one device and in all. */
export async function collectOnce(options: OnceOptions, gaps: readonly LineGap[]): Promise<readonly OnceReport[]> {
  const { limits } = options.plan
  const inOrder = [...gaps]
  const busy = new Map<string, number>()
  const reports: OnceReport[] = []
  const hands = Array.from({ length: Math.min(limits.node, inOrder.length) }, () => work())
  await Promise.all(hands)
  return reports.toSorted((left, right) => (left.line < right.line ? -1 : 1))

  /** A line whose device is full is left to the hand that frees it. */
  async function work(): Promise<void> {
    for (;;) {
      const next = inOrder.findIndex(({ line }) => (busy.get(deviceOf(line)) ?? 0) < limits.concentrator)
      const [gap] = next === -1 ? [] : inOrder.splice(next, 1)
      if (gap === undefined || options.stopping.aborted) return
      const device = deviceOf(gap.line)
      busy.set(device, (busy.get(device) ?? 0) + 1)
      reports.push(await collectGap(options, gap))
      busy.set(device, (busy.get(device) ?? 1) - 1)
    }
  }
}

function deviceOf({ code, settings }: Line): string {
  return 'host' in settings ? settings.host : code
}

async function collectGap(options: OnceOptions, { line, askable, predictedMs }: LineGap): Promise<OnceReport> {
  const { database, clock, plan, midnight, days, stopping, onRead } = options
  const startedAt = clock.now()
  const nothing = { line: line.code, due: askable.length, read: 0, open: askable.length, predictedMs }
  const hold = await holdLine({
    clock,
    timing: usualHoldTiming,
    leases: createLeaseKeeper(database, clock, { owner: options.instance }),
    lineId: line.lineId,
    stopping,
    beat: () => Promise.resolve(true),
    onTrouble: () => undefined,
  })
  if (hold === null) return { ...nothing, status: 'not_owner', achievedMs: 0 }
  const wanted = new Set(askable.map(keyOf))
  const span = { start: startedAt, end: startedAt + longestPassMs, passStarts: [startedAt] }
  const runs = createWindowRuns({ database, clock, metrics: { foretold: () => undefined }, log: () => undefined })
  const key = line.code
  try {
    const report = await collectPass({
      ...options,
      plan: { ...plan, ladder: { ...plan.ladder, backfillDays: days } },
      line,
      hold,
      midnight,
      windowStart: span.start,
      end: span.end,
      passBegun: null,
      isLast: false,
      gapLine: () => null,
      wants: (due) => wanted.has(keyOf(due)),
      queue: createLineQueue({ clock }),
      onTalking: () => undefined,
      foretell: (due) => runs.foretell({ key, line, span, plan }, due),
      // Somebody is there to see that the database is away.
      store: (batch) => storeCollected(database, batch),
      hasRoom: () => true,
      onStored: () => undefined,
      onRead,
    })
    runs.passed(key, report)
    await runs.complete(key)
    const { kind, read, open } = report
    return { ...nothing, status: kind, read, open, achievedMs: clock.now() - startedAt }
  } finally {
    await hold.giveBack()
  }
}

function keyOf({ meterId, readAt }: OpenRead): string {
  return `${meterId}@${readAt}`
}
