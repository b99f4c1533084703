import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import type { BatchStored, LineBatch } from '../../storage/headend/store-collected.js'
import { completeLongWork, heartbeatWork, putOffWork } from '../../storage/work/long-work.js'
import type { ClaimedWorkItem } from '../../storage/work/work-items.js'
import type { LineStore } from '../ingest/line-store.js'
import type { Line } from '../line-settings.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import type { WindowSpan } from '../plan/plan-coverage.js'
import type { PlanSchedule } from '../plan/plan-document.js'
import type { PlanInForce } from '../plan/plan-in-force.js'
import { createLineQueue } from '../schedule/line-queue.js'
import type { PassReport } from './collect-pass.js'
import { createErrandDesk, type ErrandDesk } from './errand-desk.js'
import type { LineAccess } from './line-access.js'
import type { LineAnswers } from './line-answers.js'
import type { LineErrands } from './line-errands.js'
import type { LineHold } from './line-hold.js'
import type { LogEvent } from './log.js'
import { type NextStep, nextStep } from './next-step.js'
import type { ReadDesk } from './read-desk.js'
import type { Uploads } from './uploads.js'
import { windowPass } from './window-pass.js'
import { createWindowRuns } from './window-runs.js'
import { parseWindow, passBegunIn, scheduleNamed, spanNow } from './window-run.js'

export interface WindowActsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly metrics: HeadEndMetrics
  readonly log: LogEvent
  readonly lineStore: LineStore
  readonly uploads: Pick<Uploads, 'openLine' | 'gapLine'>
}

/** Passes of windows, and where others hand in what is to be done between two exchanges of a pass. */
export interface WindowActs {
  /** A pass of a claimed window, and what becomes of the window after it. */
  readonly collectWindow: (item: ClaimedWorkItem, inForce: PlanInForce) => Promise<void>
  /** Absent where we do not talk on the line. */
  readonly readDesk: (lineCode: string) => ReadDesk | undefined
  readonly errandDesk: (lineCode: string) => ErrandDesk | undefined
}

/** When another node holds the line of a window: it answers somebody, and will be done soon. */
const lineBusyDelayMs = 5000
/** A window whose line cannot be used is looked at again after this. */
const unusableDelayMs = 60_000

export function createWindowActs(
  options: WindowActsOptions,
  {
    access,
    answers,
    errands,
  }: { readonly access: LineAccess; readonly answers: LineAnswers; readonly errands: LineErrands },
): WindowActs {
  const { database, clock, metrics, log } = options
  const { findLine, withHold } = access
  const runs = createWindowRuns(options)
  const desks = new Map<string, ReadDesk>()
  const errandDesks = new Map<string, ErrandDesk>()

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
    const desk = answers.openDesk({ queue, hold, plan })
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

  return {
    collectWindow,
    readDesk: (lineCode) => desks.get(lineCode),
    errandDesk: (lineCode) => errandDesks.get(lineCode),
  }
}
