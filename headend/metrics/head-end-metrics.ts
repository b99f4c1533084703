import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Instant } from '../../domain/time.js'
import type { LineCounters } from '../sessions/line-counters.js'
import type { UploadsCommitted, UploadTally } from './upload-tally.js'

/** What the gauges are asked for when somebody looks. */
export interface GaugeSources {
  /** Null while nobody can say. */
  readonly windows: () => Promise<{ readonly running: number; readonly waiting: number; readonly late: number } | null>
  readonly linesHeld: () => number
  readonly onDemandWaiting: () => number
  readonly pendingUploads: () => number
  readonly pendingBytes: () => number
  readonly uploadsFull: () => boolean
  readonly uploads: () => UploadTally
  readonly spoolBytes: () => number
  readonly spoolBatches: () => number
  /** Since when batches wait on disk; null while none does. */
  readonly spoolSince: () => Instant | null
  readonly now: () => Instant
  /** Every broker can be received from. */
  readonly brokerConnected: () => boolean
  readonly brokers: () => readonly { readonly url: string; readonly connected: boolean }[]
  readonly spoolDamaged: () => number
  readonly linesUnusable: () => number
  readonly databaseReachable: () => boolean
  /** Null before its first answer. */
  readonly databaseSilentSeconds: () => number | null
  readonly databaseSilences: () => number
}

export interface StoredCounts {
  readonly stored: number
  readonly duplicates: number
  readonly disputed: number
  readonly quarantined: number
}

/** Figures of a collection node. Labels are lines and outcomes, never meters: there are millions of those. */
export interface HeadEndMetrics {
  readonly traffic: (line: string, counters: LineCounters) => void
  /** A batch of a line is in the database. */
  readonly stored: (counts: StoredCounts) => void
  /** How long the commit of a batch of a line took. */
  readonly committed: (seconds: number) => void
  /** Uploads are in the database. */
  readonly uploads: (batch: UploadsCommitted) => void
  readonly uploadsFailed: () => void
  readonly spooled: () => void
  readonly drained: (batches: number) => void
  /** A line was wanted by this node. */
  readonly held: (outcome: 'held' | 'busy') => void
  readonly window: (step: 'opened' | 'closed') => void
  readonly order: (outcome: string) => void
  /** The time was told on a line, or why not. */
  readonly broadcast: (outcome: string) => void
  readonly pass: (line: string, outcome: 'complete' | 'open' | 'interrupted' | 'line_down', seconds: number) => void
  /** A window of a line was taken up, and foretold from what was due by then. */
  readonly foretold: (line: string, window: { readonly seconds: number; readonly fits: boolean }) => void
  /** Attempts that were made at due points; what nobody was asked for is none. */
  readonly points: (counts: { readonly read: number; readonly repaired: number; readonly failed: number }) => void
  readonly fired: (schedule: string) => void
  readonly leaseLost: (line: string) => void
  readonly onDemand: (outcome: 'read' | 'refused' | 'failed') => void
  /** How a read that somebody waits for was taken: `now`, `later`, or why it was refused. */
  readonly admission: (admission: string) => void
  readonly trouble: (where: 'database' | 'broker' | 'doorbell' | 'spool') => void
}

const perLine = ['line'] as const

/** Registers everything with the registry that is passed in; a process may hold several nodes only in several registries. */
export function createHeadEndMetrics(registry: Registry, sources: GaugeSources): HeadEndMetrics {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `shuangwu_headend_${name}`, help, labelNames: [...labelNames], registers })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `shuangwu_headend_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  /** What is kept elsewhere and read when somebody looks, label by label. */
  const described = <L extends string>(name: string, help: string, labelNames: readonly L[]) => ({
    name: `shuangwu_headend_${name}`,
    help,
    labelNames: [...labelNames],
    registers,
  })
  type Reading<L extends string> = (put: (labels: Record<L, string>, value: number) => void) => void
  const labelledGauge = <L extends string>(name: string, help: string, labelNames: readonly L[], read: Reading<L>) =>
    new Gauge({
      ...described(name, help, labelNames),
      collect() {
        this.reset()
        read((labels, value) => this.set(labels, value))
      },
    })
  const tally = <L extends string>(name: string, help: string, labelNames: readonly L[], read: Reading<L>) =>
    new Counter({
      ...described(name, help, labelNames),
      collect() {
        this.reset()
        read((labels, total) => this.inc(labels, total))
      },
    })

  const traffic = {
    requests: counter('requests_total', 'Requests sent on a line', perLine),
    replies: counter('replies_total', 'Matching replies, refusals among them', perLine),
    timeouts: counter('timeouts_total', 'Requests that nothing answered', perLine),
    damaged: counter('damaged_total', 'Requests answered by bytes that are no frame', perLine),
    refused: counter('refused_total', 'Requests that a meter refused', perLine),
    dropped: counter('dropped_total', 'Sound frames that answered nothing we had asked', perLine),
    bytesOut: counter('sent_bytes_total', 'Bytes sent on a line', perLine),
    bytesIn: counter('received_bytes_total', 'Bytes heard on a line', perLine),
  }
  const airtime = counter('airtime_seconds_total', 'Time that exchanges took on a line', perLine)
  const batches = counter('batches_total', 'Batches committed', ['source'])
  const rows = counter('rows_total', 'Readings committed, by what became of them', ['source', 'outcome'])
  const frames = counter('frames_total', 'Frames of uploads committed as evidence', [])
  const messages = counter('uploads_total', 'Uploads committed, by whether they brought anything new', ['outcome'])
  const quarantined = counter('quarantined_total', 'Uploads kept aside, by reason', ['reason'])
  const commitSeconds = new Histogram({
    name: 'shuangwu_headend_commit_seconds',
    help: 'Time from the first statement of a batch to its commit',
    labelNames: ['source'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const commitFailures = counter('commit_failures_total', 'Batches of uploads that failed and are tried again', [])
  const spooled = counter('spooled_batches_total', 'Batches that went to disk because the database was away', [])
  const drained = counter('drained_batches_total', 'Batches that went from disk into the database', [])
  const holds = counter('line_holds_total', 'Lines that this node wanted, by whether another node had them', [
    'outcome',
  ])
  const windowSteps = counter('window_steps_total', 'Windows whose first pass began here, and that this node closed', [
    'step',
  ])
  const orders = counter('order_executions_total', 'Orders taken up, by verdict or by why nothing was written', [
    'outcome',
  ])
  const broadcasts = counter('broadcasts_total', 'Broadcasts of the time, sent or not and why', ['outcome'])
  const passes = counter('passes_total', 'Passes over the open due points of a line', ['line', 'outcome'])
  const predicted = counter('predicted_seconds_total', 'Airtime predicted for windows as they were taken up', perLine)
  const infeasible = counter('windows_infeasible_total', 'Windows taken up that do not hold what is due', perLine)
  const achieved = counter('achieved_seconds_total', 'Time that passes took', perLine)
  const points = counter('due_points_total', 'Attempts at due points, by what became of them', ['outcome'])
  const fires = counter('fires_total', 'Due instants of schedules taken up by this node', ['schedule'])
  const leasesLost = counter(
    'leases_lost_total',
    'Holds of a line that ended before they were given back: another node took it, or the database did not answer in time',
    perLine,
  )
  const onDemand = counter('on_demand_total', 'On-demand reads answered', ['outcome'])
  const admissions = counter('on_demand_admissions_total', 'On-demand reads, by how they were taken', ['admission'])
  const trouble = counter('trouble_total', 'Losses of what the node depends on', ['where'])

  gauge('lines_held', 'Lines that this node owns now', sources.linesHeld)
  gauge('on_demand_waiting', 'On-demand reads that this node has taken and not answered', sources.onDemandWaiting)
  gauge('pending_uploads', 'Uploads received and not committed', sources.pendingUploads)
  gauge('spool_bytes', 'Bytes on disk that wait for the database', sources.spoolBytes)
  gauge('spool_batches', 'Batches on disk that wait for the database', sources.spoolBatches)
  gauge('lines_unusable', 'Lines left out because of what the registry says of them', sources.linesUnusable)
  gauge('spool_damaged', 'Stretches of the spool that came back damaged and were set aside', sources.spoolDamaged)
  gauge('database_reachable', '1 while the database answers', () => Number(sources.databaseReachable()))
  gauge(
    'database_silent_seconds',
    'Time since the last answer of the database',
    () => sources.databaseSilentSeconds() ?? Number.NaN,
  )
  gauge('database_silences', 'Statements given up because the database said nothing', sources.databaseSilences)
  gauge('pending_upload_bytes', 'Payload of uploads received and not committed', sources.pendingBytes)
  gauge('upload_queue_full', '1 while brokers are told to wait', () => Number(sources.uploadsFull()))
  gauge('spool_age_seconds', 'Since when batches have been waiting on disk; 0 while none does', () => {
    const since = sources.spoolSince()
    return since === null ? 0 : (sources.now() - since) / 1000
  })
  gauge('broker_connected', '1 while uploads can be received from every broker', () =>
    Number(sources.brokerConnected()),
  )
  labelledGauge('broker_up', '1 while this broker can be received from', ['broker'], (set) => {
    for (const { url, connected } of sources.brokers()) set({ broker: hostOf(url) }, Number(connected))
  })
  tally('messages_received_total', 'Messages from brokers, by channel of their topic', ['broker', 'channel'], (add) => {
    for (const [broker, channels] of sources.uploads().received)
      for (const [channel, count] of Object.entries(channels)) add({ broker, channel }, count)
  })
  tally(
    'receipts_total',
    'Receipts handed to brokers after the commit, or not because the broker was away',
    ['outcome'],
    (add) => {
      for (const [outcome, count] of Object.entries(sources.uploads().receipts)) add({ outcome }, count)
    },
  )
  tally('meter_tables_total', 'Meter tables handed to brokers for concentrators, or not', ['outcome'], (add) => {
    for (const [outcome, count] of Object.entries(sources.uploads().tables)) add({ outcome }, count)
  })
  tally('pushbacks_total', 'Messages that found the queue of uploads full: their broker was told to wait', [], (add) =>
    add({}, sources.uploads().pushBacks),
  )
  const windows = new Gauge({
    name: 'shuangwu_headend_windows',
    help: 'Windows of all nodes: running, waiting to be taken, late (waiting for more than a minute)',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await sources.windows()
      windows.reset()
      for (const [state, count] of Object.entries(counts ?? {})) windows.set({ state }, count)
    },
  })

  function countRows(source: 'line' | 'upload', counts: Readonly<Record<string, number>>): void {
    for (const [outcome, count] of Object.entries(counts)) rows.inc({ source, outcome }, count)
  }

  return {
    traffic(line, counters) {
      for (const [name, total] of Object.entries(traffic)) total.inc({ line }, counters[name as keyof typeof traffic])
      airtime.inc({ line }, counters.airtimeMs / 1000)
    },
    stored({ stored, duplicates, disputed, quarantined: kept }) {
      batches.inc({ source: 'line' })
      countRows('line', { stored, duplicates, disputed, quarantined: kept })
    },
    committed: (seconds) => commitSeconds.observe({ source: 'line' }, seconds),
    uploads({ messages: count, repeated, frames: kept, stored, duplicates, disputed, quarantined: aside, seconds }) {
      batches.inc({ source: 'upload' })
      messages.inc({ outcome: 'new' }, count - repeated)
      messages.inc({ outcome: 'repeated' }, repeated)
      frames.inc(kept)
      countRows('upload', { stored, duplicates, disputed })
      for (const [reason, found] of aside) quarantined.inc({ reason }, found)
      commitSeconds.observe({ source: 'upload' }, seconds)
    },
    uploadsFailed: () => commitFailures.inc(),
    spooled: () => spooled.inc(),
    drained: (count) => drained.inc(count),
    held: (outcome) => holds.inc({ outcome }),
    window: (step) => windowSteps.inc({ step }),
    order: (outcome) => orders.inc({ outcome }),
    broadcast: (outcome) => broadcasts.inc({ outcome }),
    pass(line, outcome, seconds) {
      passes.inc({ line, outcome })
      achieved.inc({ line }, seconds)
    },
    foretold(line, { seconds, fits }) {
      predicted.inc({ line }, seconds)
      if (!fits) infeasible.inc({ line })
    },
    points(counts) {
      for (const [outcome, count] of Object.entries(counts)) points.inc({ outcome }, count)
    },
    fired: (schedule) => fires.inc({ schedule }),
    leaseLost: (line) => leasesLost.inc({ line }),
    onDemand: (outcome) => onDemand.inc({ outcome }),
    admission: (admission) => admissions.inc({ admission }),
    trouble: (where) => trouble.inc({ where }),
  }
}

/** A broker's address without what may be secret in it. */
function hostOf(url: string): string {
  return new URL(url).host
}
