import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type WaitingRead, waitingReads } from '../../storage/headend/read-requests.js'
import { type WaitingOrder, waitingOrders } from '../../storage/headend/waiting-orders.js'
import { claimWindow } from '../../storage/headend/window-work.js'
import type { ClaimedWorkItem } from '../../storage/work/work-items.js'
import { createLeaseKeeper } from '../ingest/lease-keeper.js'
import { createLineStore } from '../ingest/line-store.js'
import type { Spool } from '../ingest/spool.js'
import type { BrokerAccess } from '../transports/broker-access.js'
import { freshAnswerMs } from '../database-limits.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import { createUploadTally } from '../metrics/upload-tally.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { type PlanInForce, planInForce } from '../plan/plan-in-force.js'
import { createClockWatch } from './clock-watch.js'
import { createDatabaseWatch } from './database-watch.js'
import { type HoldTiming, usualHoldTiming } from './line-hold.js'
import type { LogEvent } from './log.js'
import { createMinuteLook } from './minute-look.js'
import type { NodeFigures, NodeStatus } from './node-status.js'
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
        if (spool.isEmpty()) spoolSince = null
        metrics?.drained(batches)
        log('info', 'spool_drained', { batches })
      },
    },
  })
  let lines: OwnedLines | null = null
  let loops: Promise<unknown> = Promise.resolve()
  const minutes = createMinuteLook({
    ...options,
    uploads,
    watch: watches.minute,
    stopping: stopping.signal,
    onFired: (schedule) => metrics?.fired(schedule),
    onLooked: sleepers.windows.wake,
    tellTime: (usable, plan) => lines?.tellTime(usable, plan),
  })

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
      await minutes.look()
      loops = Promise.all([takeWindows(owned), takeReads(owned)])
      await loops
    },
    wake: sleepers.windows.wake,
    onMinute: minutes.look,
    async stop() {
      stopping.abort()
      for (const sleeper of Object.values(sleepers)) sleeper.wake()
      await minutes.finished()
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
      linesUnusable: minutes.unusable(),
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
