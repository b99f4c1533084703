import { groupBy } from '../../domain/group-by.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { MeterId } from '../../domain/reading.js'
import type { Database, Queryable } from '../../storage/database.js'
import { missingDueReads } from '../../storage/headend/due-reads.js'
import { lineOwner } from '../../storage/headend/line-owner.js'
import type { FailedAttempt } from '../../storage/headend/collected.js'
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
  /** Why the others cannot be asked for now; null where all can. */
  readonly notAskable: NotAskable | null
  /** Airtime of what fits the window. */
  readonly predictedMs: number
  /** What the line's window would not hold, were it read now, and the airtime that is missing for it. */
  readonly unfit: { readonly jobs: number; readonly missingMs: number }
}

/**
 * `delivers_by_itself`: a concentrator brings what it has; `read_live`: the register of then is gone; `memory_over`: older than what
 * freeze memories hold.
 */
export type NotAskable = 'delivers_by_itself' | 'read_live' | 'memory_over'

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
  const refused = missing.map(({ readAt }) => whyNotAskable(line, readAt, clock.now()))
  const askable = missing.filter((_, place) => refused[place] === null)
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
    notAskable: refused.find((reason) => reason !== null) ?? null,
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

function whyNotAskable(line: Line, readAt: Instant, now: Instant): NotAskable | null {
  if (line.kind === 'mqtt_concentrator') return 'delivers_by_itself'
  if (isReadLive(line)) return 'read_live'
  return now - readAt < catchUpDays * dayMs ? null : 'memory_over'
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
  /** Of `not_owner`: who has the line. */
  readonly owner: string | null
  /** What stayed open, by meter and cause. */
  readonly openMeters: readonly OpenMeter[]
  readonly predictedMs: number
  readonly achievedMs: number
}

export interface OpenMeter {
  readonly meterId: MeterId
  /** Of the last attempt; for what nobody came to try, why that was. */
  readonly cause: string
  readonly points: number
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
  const nothing = { line: line.code, due: askable.length, read: 0, open: askable.length, owner: null, predictedMs }
  const hold = await holdLine({
    clock,
    timing: usualHoldTiming,
    leases: createLeaseKeeper(database, clock, { owner: options.instance }),
    lineId: line.lineId,
    stopping,
    beat: () => Promise.resolve(true),
    onTrouble: () => undefined,
  })
  if (hold === null) {
    const owner = await lineOwner(database, line.lineId)
    const openMeters = openMetersOf(askable, () => 'not_owner')
    return { ...nothing, status: 'not_owner', owner, openMeters, achievedMs: 0 }
  }
  const fates = createFates()
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
      store: (batch) => {
        fates.failed(batch.failures)
        return storeCollected(database, batch)
      },
      hasRoom: () => true,
      onStored: () => undefined,
      onRead: (due) => {
        fates.read(due)
        onRead()
      },
    })
    runs.passed(key, report)
    await runs.complete(key)
    const { kind, read, open } = report
    const causeOf = (due: OpenRead): string => fates.causeOf(due) ?? (kind === 'passed' ? 'window_over' : kind)
    const openMeters = openMetersOf(askable.filter(fates.isOpen), causeOf)
    return { ...nothing, status: kind, read, open, openMeters, achievedMs: clock.now() - startedAt }
  } finally {
    await hold.giveBack()
  }
}

/** What became of each due point of a pass. */
function createFates() {
  const read = new Set<string>()
  const causes = new Map<string, string>()
  return {
    read: (due: OpenRead): void => void read.add(keyOf(due)),
    failed(failures: readonly FailedAttempt[]): void {
      for (const each of failures) causes.set(keyOf(each), each.cause)
    },
    isOpen: (due: OpenRead): boolean => !read.has(keyOf(due)),
    causeOf: (due: OpenRead): string | null => causes.get(keyOf(due)) ?? null,
  }
}

function openMetersOf(open: readonly OpenRead[], causeOf: (due: OpenRead) => string): readonly OpenMeter[] {
  const groups = groupBy(
    open.map((due) => ({ meterId: due.meterId, cause: causeOf(due) })),
    ({ meterId, cause }) => `${meterId} ${cause}`,
  )
  return [...groups.values()].flatMap((group) => group.slice(0, 1).map((first) => ({ ...first, points: group.length })))
}

function keyOf({ meterId, readAt }: Pick<OpenRead, 'meterId' | 'readAt'>): string {
  return `${meterId}@${readAt}`
}
