import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import { minuteMs, secondMs } from '../../domain/time.js'
import { type CollectionNode, createCollectionNode } from '../../headend/node/collection-node.js'
import type { HoldTiming } from '../../headend/node/line-hold.js'
import type { LogEvent } from '../../headend/node/log.js'
import { createHeadEndMetrics, type HeadEndMetrics } from '../../headend/metrics/head-end-metrics.js'
import { companyWideLimitMs, nodeDatabaseLimits } from '../../headend/database-limits.js'
import { registerDatabaseFigures } from '../../headend/metrics/database-figures.js'
import type { BrokerAccess } from '../../headend/transports/broker-access.js'
import type { Database } from '../../storage/database.js'
import { countWindows, windowKind } from '../../storage/headend/window-work.js'
import { fieldFigures, paperFigures } from '../../storage/headend/head-end-figures.js'
import { openDoorbell } from '../../storage/work/doorbell.js'
import type { SpoolPlace } from '../config.js'
import type { Health } from '../metrics/server.js'
import { serveMetrics } from '../metrics/server.js'
import { everyMinute } from '../runtime/every-minute.js'
import { openNodeSpool } from './open-spool.js'

export interface RunNodeOptions {
  readonly database: Database
  /** Login of the head-end's role, for the doorbell's own sessions. */
  readonly url: string
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly brokers: readonly BrokerAccess[]
  readonly credentialKey: Buffer | null
  readonly node: string
  readonly instance: string
  readonly metricsPort: number | null
  readonly spool: SpoolPlace
  readonly log: LogEvent
  readonly timing?: HoldTiming
  /** Resolves when the node is to end. */
  readonly ended: Promise<void>
}

/** Windows that nobody has taken for so long are late. */
const lateAfterMs = minuteMs

type Close = () => Promise<void> | void

/**
 * A collection node until it is told to end: minutes from node-cron, rings from pg-boss, figures over HTTP.
 * @throws UserError port_taken, and what its parts throw when they cannot be opened; whatever was open by then is closed.
 */
export async function runNode(options: RunNodeOptions): Promise<void> {
  const opened: Close[] = []
  try {
    await runOpened(options, (close) => opened.push(close))
  } finally {
    for (const close of opened.toReversed()) await close()
  }
  options.log('info', 'node_ended')
}

async function runOpened(options: RunNodeOptions, closeAtEnd: (close: Close) => void): Promise<void> {
  const { log, ended } = options
  let bellTroubled = false
  const registry = new Registry()
  let metrics: HeadEndMetrics | null = null
  const kept = await openNodeSpool(options.spool, options.node, (damage) => {
    log('error', 'spool_damaged', { ...damage })
    metrics?.trouble('spool')
  })
  closeAtEnd(kept.close)
  const doorbell = await openDoorbell({
    url: options.url,
    role: 'headend',
    limits: nodeDatabaseLimits,
    onError(error) {
      if (!bellTroubled) log('warn', 'doorbell_failed', { reason: error.message })
      bellTroubled = true
      metrics?.trouble('doorbell')
    },
  })
  closeAtEnd(doorbell.close)
  const announce = (dueAt: number) => doorbell.announce([windowKind], dueAt)
  const node = createCollectionNode({ ...options, spool: kept.spool, announce })
  metrics = figuresOf(registry, node, options)
  if (options.metricsPort !== null) {
    const server = await serveMetrics(options.metricsPort, registry, () => healthOf(node))
    closeAtEnd(server.close)
    log('info', 'metrics_served', { url: `${server.url}/metrics` })
  }
  const minutes = everyMinute(node.onMinute)
  closeAtEnd(minutes.stop)
  await doorbell.listen(() => {
    bellTroubled = false
    node.wake()
  })
  log('info', 'node_started', { pid: process.pid, instance: options.instance })
  const working = node.run(metrics)
  await Promise.race([ended, working])
  log('info', 'node_ending')
  await node.stop()
  await working
}

function figuresOf(registry: Registry, node: CollectionNode, { database, clock }: RunNodeOptions): HeadEndMetrics {
  collectDefaultMetrics({ register: registry })
  registerDatabaseFigures(registry, {
    now: clock.now,
    papers: () => paperFigures(database, clock.now()),
    field: () => fieldFigures(database.withStatementLimit(companyWideLimitMs), clock.now()),
  })
  return createHeadEndMetrics(registry, {
    // Whoever scrapes is not kept waiting for a database that is known to be away.
    windows: async () =>
      node.status().database ? countWindows(database, clock.now(), lateAfterMs).catch(() => null) : null,
    linesHeld: () => node.status().linesHeld,
    onDemandWaiting: () => node.status().onDemandWaiting,
    pendingUploads: () => node.status().pendingUploads,
    spoolBytes: () => node.status().spoolBytes,
    spoolBatches: () => node.status().spoolBatches,
    linesUnusable: () => node.status().linesUnusable,
    spoolDamaged: () => node.status().spoolDamaged,
    brokerConnected: () => node.status().broker,
    databaseReachable: () => node.status().database,
    databaseSilentSeconds: () => secondsOf(node.status().databaseSilentMs),
    databaseSilences: () => node.status().databaseSilences,
    pendingBytes: () => node.figures().pendingBytes,
    uploadsFull: () => node.figures().uploadsFull,
    uploads: () => node.figures().uploads,
    brokers: () => node.figures().brokers,
    spoolSince: () => node.figures().spoolSince,
    now: clock.now,
  })
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / secondMs
}

function healthOf(node: CollectionNode): Health {
  const status = node.status()
  return { ok: status.database, ...status }
}
