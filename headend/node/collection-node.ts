import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { loadLines } from '../../storage/headend/lines.js'
import { type WaitingRead, waitingReads } from '../../storage/headend/read-requests.js'
import { type WaitingOrder, waitingOrders } from '../../storage/headend/waiting-orders.js'
import { claimWindow } from '../../storage/headend/window-work.js'
import { ensureWorkingPartitions } from '../../storage/time-series.js'
import type { ClaimedWorkItem } from '../../storage/work/work-items.js'
import { accountSettingsAt } from '../accounting/settings-of-plan.js'
import { tallyNights } from '../accounting/tally-nights.js'
import { createLeaseKeeper } from '../ingest/lease-keeper.js'
import { createLineStore } from '../ingest/line-store.js'
import type { Spool } from '../ingest/spool.js'
import type { BrokerAccess } from '../transports/broker-access.js'
import { companyWideLimitMs, freshAnswerMs } from '../database-limits.js'
import type { Line, LineError } from '../line-settings.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import { createUploadTally, type UploadTally } from '../metrics/upload-tally.js'
import { dispatch, type Fired } from '../plan/dispatch.js'
import { foretellAhead, type ForetoldAhead } from '../plan/foretell-ahead.js'
import { foretoldFields } from '../schedule/foretold-fields.js'
import { uploadsOpenMs } from '../plan/plan-coverage.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { type PlanInForce, planInForce } from '../plan/plan-in-force.js'
import { createClockWatch } from './clock-watch.js'
import { createDatabaseWatch } from './database-watch.js'
import { type HoldTiming, usualHoldTiming } from './line-hold.js'
import { type LogEvent, messageOf } from './log.js'
import { isConcentrator, usableLines } from '../usable-lines.js'
import { createOwnedLines, type OwnedLines } from './owned-lines.js'
import { createUploads } from './uploads.js'
import { createSleeper } from './wake.js'

export interface NodeOptions {
  /** Logged in as the head-end's role. */
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  /** How this machine gets into brokers; one that is not named is open to everybody. */
  readonly brokers: readonly BrokerAccess[]
  /** Opens sealed passwords of meters; null where this machine has no key, and then nothing that needs a password is written. */
  readonly credentialKey: Buffer | null
  /** Name of this node, the same after a restart. */
  readonly node: string
  /** Tells this process from every other one, of the same name included: leases are taken under it. */
  readonly instance: string
  readonly log: LogEvent
  /** Where lines' batches wait while the database is away. */
  readonly spool: Spool
  readonly timing?: HoldTiming
  /** Says to the other nodes that windows fall due at an instant. */
  readonly announce: (dueAt: Instant) => Promise<void>
}

export interface CollectionNode {
  /** Works until `stop`: windows, uploads, reads that somebody waits for. */
  readonly run: (metrics: HeadEndMetrics) => Promise<void>
  /** There may be something to do. */
  readonly wake: () => void
  /**
   * A minute has begun: looks what has fallen due, and what the registry says now. What goes over the whole company follows, and is not
   * waited for.
   */
  readonly onMinute: () => Promise<void>
  /** Finishes the exchanges in flight and gives all leases back. */
  readonly stop: () => Promise<void>
  readonly status: () => NodeStatus
  readonly figures: () => NodeFigures
}

export interface NodeStatus {
  readonly database: boolean
  readonly broker: boolean
  readonly linesHeld: number
  readonly onDemandWaiting: number
  readonly pendingUploads: number
  readonly spoolBytes: number
  readonly spoolBatches: number
  /** Stretches of the spool that the disk gave back damaged. */
  readonly spoolDamaged: number
  /** Lines of the registry that are left out because of what is said of them. */
  readonly linesUnusable: number
  /** Since the database answered last; null before its first answer. */
  readonly databaseSilentMs: number | null
  /** Statements that were given up because the database said nothing. */
  readonly databaseSilences: number
}

/** What figures are made of, beside the status. */
export interface NodeFigures {
  readonly uploads: UploadTally
  readonly pendingBytes: number
  readonly uploadsFull: boolean
  readonly brokers: readonly { readonly url: string; readonly connected: boolean }[]
  readonly spoolSince: Instant | null
}

/** What people wait for. */
interface Waiting {
  readonly reads: readonly WaitingRead[]
  readonly orders: readonly WaitingOrder[]
  readonly plan: CollectionPlan
}

/** How long a node that has nothing to do waits before it looks again, unless it is rung. */
const idlePollMs = 2 * secondMs
const readPollMs = secondMs

export function createCollectionNode(options: NodeOptions): CollectionNode {
  const { database, clock, log, spool, timing = usualHoldTiming } = options
  const stopping = new AbortController()
  const sleepers = { windows: createSleeper(clock), reads: createSleeper(clock) }
  const leases = createLeaseKeeper(database, clock, {
    owner: options.instance,
    onServerTime: createClockWatch(log),
  })
  let metrics: HeadEndMetrics | null = null
  const watches = {
    windows: createDatabaseWatch({ log, onLost: () => metrics?.trouble('database') }, sleepers.windows),
    reads: createDatabaseWatch({ log, onLost: () => metrics?.trouble('database') }, sleepers.reads),
    minute: createDatabaseWatch({ log, onLost: () => metrics?.trouble('database') }, { sleep: async () => undefined }),
  }
  const tally = createUploadTally()
  const uploads = createUploads({
    ...options,
    owner: options.node,
    onTrouble: () => metrics?.trouble('broker'),
    tally,
    onCommitted: (batch) => metrics?.uploads(batch),
    onCommitFailed: () => metrics?.uploadsFailed(),
  })
  // What an earlier process left waits at least since this one began.
  let spoolSince = spool.isEmpty() ? null : clock.now()
  const lineStore = createLineStore({
    database,
    clock,
    spool,
    events: {
      onSpooled: () => {
        spoolSince ??= clock.now()
        metrics?.spooled()
        log('warn', 'batch_spooled', { batches: spool.records(), bytes: spool.size() })
      },
      onDrained: (batches) => {
        spoolSince = null
        metrics?.drained(batches)
        log('info', 'spool_drained', { batches })
      },
    },
  })
  let lines: OwnedLines | null = null
  let unusable: ReadonlySet<string> = new Set()
  let isEmpty = false
  let loops: Promise<unknown> = Promise.resolve()
  let minute: Promise<unknown> = Promise.resolve()
  let calmLook: Promise<unknown> | null = null

  async function takeWindows(owned: OwnedLines): Promise<void> {
    while (!stopping.signal.aborted) {
      const claimed = await watches.windows.attempt('claim', () => claimNext(owned))
      if (claimed === null) continue
      if (claimed.item === null) await sleepers.windows.sleep(idlePollMs)
      else owned.collect(claimed.item, claimed.plan)
    }
  }

  /** Null inside when the node has no hand free, or nothing may be taken. */
  async function claimNext(
    owned: OwnedLines,
  ): Promise<{ readonly item: ClaimedWorkItem | null; readonly plan: PlanInForce }> {
    // What was read while the database was away goes before anything new.
    if (!lineStore.isEmpty() || lineStore.isFull()) await lineStore.drain()
    const now = clock.now()
    const inForce = await planInForce(database, now, now)
    const { limits, ladder } = inForce.plan
    if (owned.busy() >= limits.node) return { item: null, plan: inForce }
    const carriers = Object.fromEntries(limits.carriers.map((each) => [each.name, each.lines]))
    const claim = { device: limits.concentrator, carriers, yieldsEvery: ladder.retry.yieldsEvery }
    return { item: await claimWindow(database, { now, leaseMs: timing.holdMs, limits: claim }), plan: inForce }
  }

  async function takeReads(owned: OwnedLines): Promise<void> {
    while (!stopping.signal.aborted) {
      const waiting = await watches.reads.attempt('on-demand reads', findReads)
      if (waiting !== null && waiting.reads.length > 0) owned.answer(waiting.reads, waiting.plan)
      if (waiting !== null) owned.carryOut(waiting.orders, waiting.plan)
      await sleepers.reads.sleep(readPollMs)
    }
  }

  async function findReads(): Promise<Waiting> {
    const now = clock.now()
    const { plan } = await planInForce(database, now, now)
    return { reads: await waitingReads(database, now), orders: await waitingOrders(database, now), plan }
  }

  /** What does not wait. Each part is tried for itself: a mistake in one must not keep the others from their minute. */
  async function lookAround(): Promise<void> {
    const { attempt } = watches.minute
    await attempt('partitions', () => ensureWorkingPartitions(database, clock.now()))
    const seen = await attempt('registry', async () => {
      const now = clock.now()
      return { inForce: await planInForce(database, now, now), usable: await loadUsable() }
    })
    if (seen === null) return
    const { inForce, usable } = seen
    const { plan } = inForce
    await attempt('uploads', () =>
      uploads.follow(usable.filter(isConcentrator), { windowOpensMs: uploadsOpenMs(plan), tables: plan.tables }),
    )
    await attempt('schedules', () => takeUpDue(inForce))
    sleepers.windows.wake()
    await attempt('broadcasts', async () => lines?.tellTime(usable, plan))
  }

  async function takeUpDue(inForce: PlanInForce): Promise<void> {
    for (const fired of await dispatch({ database, clock }, inForce)) {
      metrics?.fired(fired.schedule)
      sayFired(fired)
      if (fired.windows > 0) await options.announce(fired.start)
    }
  }

  /** What goes over the whole company, and may take longer than a minute. */
  async function lookAhead(): Promise<void> {
    const parts = { concentrators: uploads.tend, forecasts: foretell, tallies: tallyOver }
    for (const [what, act] of Object.entries(parts))
      if (!stopping.signal.aborted) await watches.minute.attempt(what, act)
  }

  async function foretell(): Promise<void> {
    const now = clock.now()
    const { plan } = await planInForce(database, now, now)
    for (const foretold of await foretellAhead({ database, clock }, plan)) sayForetold(foretold)
  }

  async function tallyOver(): Promise<void> {
    const patient = database.withStatementLimit(companyWideLimitMs)
    const { ladder } = await accountSettingsAt(database, clock.now())
    for (const { readAt, talliedAt } of await tallyNights({ database: patient, clock }, ladder))
      log('info', 'night_tallied', { readAt: iso(readAt), talliedAt: iso(talliedAt) })
  }

  async function unlessStopping(look: () => Promise<void>): Promise<void> {
    if (stopping.signal.aborted) return
    await look().catch((error: unknown) => {
      log('error', 'look_around_failed', { reason: messageOf(error) })
    })
  }

  function sayFired({ dropped, ...fired }: Fired): void {
    const instants = { dueAt: iso(fired.dueAt), start: iso(fired.start), recordedAt: iso(fired.recordedAt) }
    log('info', 'windows_scheduled', { ...fired, ...instants })
    if (dropped.length === 0) return
    const reason =
      '停运过久，这些天未建应抄点；backfill 可补建 missed too long ago: not laid down; backfill --days lays them down'
    log('warn', 'days_not_laid', { days: dropped.length, from: dropped[0], through: dropped.at(-1), reason })
  }

  function sayForetold({ schedule, line, opensAt, forecast }: ForetoldAhead): void {
    const { unfit, missingMs } = forecast
    const window = { schedule, line: line.code, opensAt: iso(opensAt) }
    log('info', 'window_foretold', { ...window, ...foretoldFields(forecast, opensAt) })
    if (unfit.length === 0) return
    const missing = { unfitJobs: unfit.length, missingMs: Math.ceil(missingMs) }
    log('warn', 'window_infeasible', { ...window, reason: '窗口排不下 the window does not hold it all', ...missing })
  }

  /** Once, until it changes: the registry is looked at every minute. */
  function sayUnusable(errors: readonly LineError[]): void {
    for (const { kind, message } of errors)
      if (!unusable.has(message)) log('warn', 'line_unusable', { kind, reason: message })
    unusable = new Set(errors.map(({ message }) => message))
  }

  function sayEmpty(lineCount: number): void {
    if (lineCount === 0 && !isEmpty)
      log('warn', 'no_lines', { reason: '档案中没有线路 no lines in the registry: shuangwu registry import FILE.json' })
    isEmpty = lineCount === 0
  }

  async function loadUsable(): Promise<readonly Line[]> {
    const rows = await loadLines(database)
    sayEmpty(rows.length)
    const found = usableLines(rows)
    sayUnusable(found.unusable)
    return found.lines
  }

  /** What is still waited for says nothing: only an answer is proof that the database is there. */
  function databaseStatus(): Pick<NodeStatus, 'database' | 'databaseSilentMs' | 'databaseSilences'> {
    const { lastAnswerAt, silences } = database.health()
    const databaseSilentMs = lastAnswerAt === null ? null : clock.now() - lastAnswerAt
    const isFresh = databaseSilentMs !== null && databaseSilentMs <= freshAnswerMs
    return {
      database: isFresh && Object.values(watches).every((watch) => watch.isReachable()),
      databaseSilentMs,
      databaseSilences: silences,
    }
  }

  return {
    async run(counted) {
      metrics = counted
      const owned = createOwnedLines({
        ...options,
        timing,
        leases,
        metrics: counted,
        lineStore,
        uploads,
        stopping: stopping.signal,
        onFree: sleepers.windows.wake,
      })
      lines = owned
      await this.onMinute()
      loops = Promise.all([takeWindows(owned), takeReads(owned)])
      await loops
    },
    wake: sleepers.windows.wake,
    onMinute() {
      // One after the other: a slow look must not be overtaken by the next one.
      const looked = minute.then(() => unlessStopping(lookAround))
      minute = looked
      calmLook ??= looked.then(() => unlessStopping(lookAhead)).finally(() => (calmLook = null))
      return looked
    },
    async stop() {
      stopping.abort()
      for (const sleeper of Object.values(sleepers)) sleeper.wake()
      await minute
      await calmLook
      await loops
      await lines?.drained()
      await uploads.close()
    },
    status: () => ({
      ...databaseStatus(),
      broker: uploads.isConnected(),
      linesHeld: lines?.held() ?? 0,
      onDemandWaiting: lines?.answering() ?? 0,
      pendingUploads: uploads.pending(),
      spoolBytes: spool.size(),
      spoolBatches: spool.records(),
      spoolDamaged: spool.damaged(),
      linesUnusable: unusable.size,
    }),
    figures: () => ({
      uploads: tally,
      pendingBytes: uploads.pendingBytes(),
      uploadsFull: uploads.isFull(),
      brokers: uploads.brokers(),
      spoolSince,
    }),
  }
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}
