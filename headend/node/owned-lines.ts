import { groupBy } from '../../domain/group-by.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { findLineRow } from '../../storage/headend/find-line.js'
import { insertReadAnswer, type WaitingRead } from '../../storage/headend/read-requests.js'
import type { BatchStored, LineBatch } from '../../storage/headend/store-collected.js'
import type { WaitingOrder } from '../../storage/headend/waiting-orders.js'
import { completeLongWork, heartbeatWork, putOffWork } from '../../storage/work/long-work.js'
import type { ClaimedWorkItem } from '../../storage/work/work-items.js'
import { type LineStore, SpoolFullError } from '../ingest/line-store.js'
import type { LeaseKeeper } from '../ingest/lease-keeper.js'
import { type Line, parseLine } from '../line-settings.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import type { WindowSpan } from '../plan/plan-coverage.js'
import type { CollectionPlan, PlanSchedule } from '../plan/plan-document.js'
import type { PlanInForce } from '../plan/plan-in-force.js'
import { sessionOf, sessionThrough } from '../acquisition/collect-window.js'
import type { Admission } from '../schedule/line-job.js'
import { createLineQueue } from '../schedule/line-queue.js'
import type { LineSession } from '../transports/line-session.js'
import { answerRead } from './answer-read.js'
import { createLineErrands } from './line-errands.js'
import { mayTalk, type PassReport } from './collect-pass.js'
import { createErrandDesk, type ErrandDesk } from './errand-desk.js'
import { holdLine, type HoldTiming, type LineHold } from './line-hold.js'
import { type LogEvent, messageOf } from './log.js'
import { type NextStep, nextStep } from './next-step.js'
import { createReadDesk, type ReadDesk } from './read-desk.js'
import type { Uploads } from './uploads.js'
import { windowPass } from './window-pass.js'
import { createWindowRuns } from './window-runs.js'
import { parseWindow, passBegunIn, scheduleNamed, spanNow } from './window-run.js'

export interface OwnedLinesOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly node: string
  readonly timing: HoldTiming
  readonly leases: LeaseKeeper
  readonly metrics: HeadEndMetrics
  readonly log: LogEvent
  readonly lineStore: LineStore
  readonly uploads: Pick<Uploads, 'openLine' | 'gapLine'>
  /** Opens sealed passwords of meters; null where this node has no key. */
  readonly credentialKey: Buffer | null
  readonly stopping: AbortSignal
  /** A hand is free again. */
  readonly onFree: () => void
}

/** The lines on which this node does something now. Each line has one holder in the node, as it has one node. */
export interface OwnedLines {
  /** Begins a pass of a claimed window and sees to its end. */
  readonly collect: (item: ClaimedWorkItem, inForce: PlanInForce) => void
  /** Takes reads that somebody waits for: between two exchanges where we talk already, otherwise on a line that nobody holds. */
  readonly answer: (waiting: readonly WaitingRead[], plan: CollectionPlan) => void
  /** Carries out approved orders, between two exchanges or on a line that nobody holds. */
  readonly carryOut: (waiting: readonly WaitingOrder[], plan: CollectionPlan) => void
  /** Tells lines the time under a standing order. */
  readonly tellTime: (lines: readonly Line[], plan: CollectionPlan) => Promise<void>
  readonly busy: () => number
  readonly held: () => number
  readonly answering: () => number
  readonly drained: () => Promise<void>
}

/** When another node holds the line of a window: it answers somebody, and will be done soon. */
const lineBusyDelayMs = 5000
/** A window whose line cannot be used is looked at again after this. */
const unusableDelayMs = 60_000

export function createOwnedLines(options: OwnedLinesOptions): OwnedLines {
  const { database, clock, metrics, log } = options
  const errands = createLineErrands(options)
  const errandDesks = new Map<string, ErrandDesk>()
  const acts = new Set<Promise<void>>()
  /** Ends with the last act on the line. */
  const lineEnds = new Map<string, Promise<void>>()
  const runs = createWindowRuns(options)
  /** Where reads that somebody waits for are handed in on a line on which we talk, by its code. */
  const desks = new Map<string, ReadDesk>()
  const taken = new Set<string>()
  let held = 0
  let windows = 0

  function begin(lineCode: string, act: () => Promise<void>): void {
    const before = lineEnds.get(lineCode) ?? Promise.resolve()
    const running: Promise<void> = before.then(act).then(
      () => ended(lineCode, running),
      (error: unknown) => {
        const isFull = error instanceof SpoolFullError
        if (isFull) metrics.trouble('spool')
        log('error', isFull ? 'spool_full' : 'line_failed', { line: lineCode, reason: messageOf(error) })
        return ended(lineCode, running)
      },
    )
    lineEnds.set(lineCode, running)
    acts.add(running)
  }

  function ended(lineCode: string, running: Promise<void>): void {
    acts.delete(running)
    if (lineEnds.get(lineCode) === running) lineEnds.delete(lineCode)
    options.onFree()
  }

  async function withHold(
    line: Pick<Line, 'lineId' | 'code'>,
    beat: (until: Instant) => Promise<boolean>,
    act: (hold: LineHold) => Promise<void>,
  ): Promise<'held' | 'busy'> {
    const onTrouble = (error: unknown): void => {
      log('warn', 'heartbeat_failed', { line: line.code, reason: messageOf(error) })
    }
    const { leases, stopping, timing } = options
    const hold = await holdLine({ clock, timing, leases, lineId: line.lineId, stopping, beat, onTrouble })
    metrics.held(hold === null ? 'busy' : 'held')
    if (hold === null) return 'busy'
    held += 1
    try {
      await act(hold)
    } finally {
      held -= 1
      if (hold.wasLost()) {
        metrics.leaseLost(line.code)
        log('warn', 'line_lost', { line: line.code })
      }
      await hold.giveBack()
    }
    return 'held'
  }

  async function collectWindow(item: ClaimedWorkItem, inForce: PlanInForce): Promise<void> {
    const { line: code, schedule: name, dueAt } = parseWindow(item.payload)
    const line = await findLine(code)
    const schedule = scheduleNamed(inForce.plan, name)
    if (schedule === null) return end(item, { kind: 'complete', detail: 'no such schedule any more' })
    if (line === null)
      return end(item, { kind: 'put_off', dueAt: clock.now() + unusableDelayMs, detail: 'line unusable' })
    const span = spanNow(schedule, line, { dueAt, now: clock.now(), attempt: item.attempt })
    if (span === null) return end(item, { kind: 'complete', detail: 'window over, nobody was there' })
    const beat = (until: Instant) => heartbeatWork(database, item, until)
    const outcome = await withHold(line, beat, async (hold) => {
      await end(item, await onePass({ item, line, hold, span, schedule, dueAt, inForce }))
    })
    if (outcome === 'busy')
      await end(item, { kind: 'put_off', dueAt: clock.now() + lineBusyDelayMs, detail: 'line held by another node' })
  }

  interface Pass {
    readonly item: ClaimedWorkItem
    readonly line: Line
    readonly hold: LineHold
    readonly span: WindowSpan
    readonly schedule: PlanSchedule
    readonly dueAt: Instant
    readonly inForce: PlanInForce
  }

  async function onePass({ item, line, hold, span, schedule, dueAt, inForce }: Pass): Promise<NextStep> {
    const startedAt = clock.now()
    const { naturalKey: key } = item
    const { plan } = inForce
    const queue = createLineQueue({ clock })
    const desk = createReadDesk({
      clock,
      queue,
      answer: (session, read) => answerOne({ session, hold, models: plan.models }, read),
      onAdmission: (read, admission) => admitted(hold, read, admission),
      letGo: (read) => void taken.delete(keyOf(read)),
    })
    const errandDesk = createErrandDesk(clock, queue, errands)
    desks.set(line.code, desk)
    errandDesks.set(line.code, errandDesk)
    if (item.attempt === 1) metrics.window('opened')
    log('info', 'pass_begins', { window: key, attempt: item.attempt })
    try {
      const report = await windowPass(schedule, item.attempt, {
        ...options,
        gapLine: options.uploads.gapLine,
        openLine: options.uploads.openLine,
        plan,
        line,
        hold,
        midnight: dueAt,
        windowStart: span.start,
        end: span.end,
        passBegun: passBegunIn(schedule, dueAt, startedAt),
        isLast: !span.passStarts.some((start) => start > startedAt),
        queue,
        onTalking(session, airtimeMs) {
          desk.open(session, airtimeMs)
          errandDesk.open({ line, session, hold, models: plan.models })
        },
        foretell: (due) => runs.foretell({ key, line, span, plan }, due),
        store: timedStore,
        hasRoom: () => !options.lineStore.isFull(),
        onStored: metrics.stored,
      })
      const now = clock.now()
      runs.passed(key, report)
      const step = nextStep(report, { now, span, attempt: item.attempt, retry: plan.ladder.retry })
      tell(item, line, report, step, { startedAt, now })
      if (step.kind === 'complete') {
        metrics.window('closed')
        await runs.complete(key)
      }
      return step
    } finally {
      desks.delete(line.code)
      errandDesks.delete(line.code)
      // What came too late for this session is taken again at the next look.
      desk.close()
    }
  }

  async function timedStore(batch: LineBatch): Promise<BatchStored | null> {
    const began = clock.now()
    const stored = await options.lineStore.store(batch)
    if (stored !== null) metrics.committed((clock.now() - began) / 1000)
    return stored
  }

  /** How a read that somebody waits for was taken; whoever is refused hears of it at once. */
  function admitted(hold: LineHold, read: WaitingRead, admission: Admission): void {
    const { requestId, item, lineCode } = read
    const isRefused = admission.kind === 'refused'
    metrics.admission(isRefused ? admission.reason : admission.kind)
    const details = isRefused ? { reason: admission.reason, missingMs: admission.missingMs } : {}
    log('info', `on_demand_${isRefused ? 'refused' : 'admitted'}`, {
      request: requestId,
      line: lineCode,
      item,
      ...details,
    })
    if (!isRefused) return
    const refusal = { outcome: 'refused', cause: admission.reason, payload: null, requests: [], responses: [] } as const
    insertReadAnswer(database, hold.lease, { requestId, item, ...refusal, node: options.node, answeredAt: clock.now() })
      .catch((error: unknown) => log('warn', 'refusal_not_stored', { request: requestId, reason: messageOf(error) }))
      .finally(() => taken.delete(keyOf(read)))
  }

  function tell(
    item: ClaimedWorkItem,
    line: Line,
    report: PassReport,
    step: NextStep,
    { startedAt, now }: { readonly startedAt: Instant; readonly now: Instant },
  ): void {
    const { due, read, repaired, open, counters } = report
    metrics.traffic(line.code, counters)
    // Of a concentrator nobody asked: what it has not brought yet is no failed attempt.
    const wasAsked = counters.requests > 0 || report.kind === 'line_down'
    metrics.points({ read, repaired, failed: wasAsked ? due - read : 0 })
    const outcome = report.kind === 'passed' ? (open === 0 ? 'complete' : 'open') : report.kind
    metrics.pass(line.code, outcome, (now - startedAt) / 1000)
    log('info', 'pass_ends', {
      window: item.naturalKey,
      outcome,
      due,
      read,
      open,
      achievedMs: now - startedAt,
      next: step.kind === 'put_off' ? new Date(step.dueAt).toISOString() : null,
      detail: step.detail,
    })
  }

  async function end(item: ClaimedWorkItem, step: NextStep): Promise<void> {
    const now = clock.now()
    const outcome =
      step.kind === 'complete'
        ? await completeLongWork(database, item, now)
        : await putOffWork(database, item, { now, dueAt: step.dueAt, detail: step.detail })
    if (outcome === 'lost') log('warn', 'window_lost', { window: item.naturalKey })
  }

  /** A line that is being talked to. */
  interface Talk {
    readonly session: LineSession
    readonly hold: LineHold
    readonly models: CollectionPlan['models']
  }

  async function answerOne({ session, hold, models }: Talk, read: WaitingRead): Promise<void> {
    try {
      const outcome = mayTalk(hold) ? await answerRead({ ...options, hold, models }, session, read) : null
      if (outcome === null) return
      metrics.onDemand(outcome)
      log('info', 'on_demand_answered', { request: read.requestId, line: read.lineCode, item: read.item, outcome })
    } finally {
      taken.delete(keyOf(read))
    }
  }

  /** Somebody waits, and nobody in this node talks on the line: it is taken for as long as the answers need. */
  async function answerIdle(lineCode: string, reads: readonly WaitingRead[], plan: CollectionPlan): Promise<void> {
    const { models } = plan
    try {
      await onIdleLine(lineCode, plan, async (_line, session, hold) => {
        for (const read of reads) {
          metrics.admission('now')
          await answerOne({ session, hold, models }, read)
        }
      })
    } finally {
      for (const read of reads) taken.delete(keyOf(read))
    }
  }

  async function doErrands(lineCode: string, plan: CollectionPlan): Promise<void> {
    const { models } = plan
    await onIdleLine(lineCode, plan, async (line, session, hold) => {
      while (await errands.doOne({ line, session, hold, models }));
    })
  }

  /** Takes a line, talks and gives it back. Does nothing while another node has it. */
  async function onIdleLine(
    lineCode: string,
    plan: CollectionPlan,
    act: (line: Line, session: LineSession, hold: LineHold) => Promise<void>,
  ): Promise<void> {
    const line = await findLine(lineCode)
    if (line === null) return
    await withHold(
      line,
      () => Promise.resolve(true),
      async (hold) => {
        const today = line.calendar.startOfDay(line.calendar.dateAt(clock.now()))
        const session =
          line.kind === 'mqtt_concentrator'
            ? sessionThrough(options.uploads.openLine(line.lineId), { clock, plan, newestMidnight: today })
            : sessionOf({ ...options, plan }, line, today)
        try {
          await act(line, session, hold)
        } finally {
          metrics.traffic(line.code, session.reader.counters())
          session.reader.close()
        }
      },
    )
  }

  /** Where we talk already, it is done between two exchanges. */
  function beginErrands(codes: readonly string[], plan: CollectionPlan): void {
    for (const code of codes) {
      const desk = errandDesks.get(code)
      if (desk !== undefined) desk.offer()
      else if (!lineEnds.has(code)) begin(code, () => doErrands(code, plan))
    }
  }

  async function findLine(code: string): Promise<Line | null> {
    const row = await findLineRow(database, code)
    const parsed = row === null ? null : parseLine(row)
    if (parsed === null || parsed.ok) return parsed?.value ?? null
    log('warn', 'line_unusable', { kind: parsed.error.kind, reason: parsed.error.message })
    return null
  }

  return {
    collect(item, inForce) {
      windows += 1
      begin(parseWindow(item.payload).line, async () => {
        try {
          await collectWindow(item, inForce)
        } finally {
          windows -= 1
        }
      })
    },
    answer(waiting, plan) {
      const fresh = waiting.filter((read) => !taken.has(keyOf(read)))
      for (const [lineCode, reads] of groupBy(fresh, (read) => read.lineCode)) {
        for (const read of reads) taken.add(keyOf(read))
        const desk = desks.get(lineCode)
        if (desk === undefined) begin(lineCode, () => answerIdle(lineCode, reads, plan))
        else desk.take(reads)
      }
    },
    carryOut: (waiting, plan) => beginErrands(errands.takeOrders(waiting), plan),
    tellTime: async (candidates, plan) => beginErrands(await errands.takeBroadcasts(candidates), plan),
    busy: () => windows,
    held: () => held,
    answering: () => taken.size,
    async drained() {
      while (acts.size > 0) await Promise.all(acts)
    },
  }
}

function keyOf({ requestId, item }: WaitingRead): string {
  return `${requestId}/${item}`
}
