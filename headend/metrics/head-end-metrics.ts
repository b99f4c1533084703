import { Counter, Gauge, type Registry } from 'prom-client'
import type { LineCounters } from '../sessions/line-counters.js'

/** What the gauges are asked for when somebody looks. */
export interface GaugeSources {
  readonly windows: () => Promise<{ readonly running: number; readonly waiting: number; readonly late: number }>
  readonly linesHeld: () => number
  readonly onDemandWaiting: () => number
  readonly pendingUploads: () => number
  readonly spoolBytes: () => number
  readonly spoolBatches: () => number
  readonly brokerConnected: () => boolean
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
  readonly stored: (counts: StoredCounts) => void
  readonly pass: (line: string, outcome: 'complete' | 'open' | 'interrupted' | 'line_down', seconds: number) => void
  /** A window of a line was foretold. */
  readonly foretold: (line: string, window: { readonly seconds: number; readonly fits: boolean }) => void
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
  const batches = counter('batches_total', 'Batches committed', [])
  const rows = counter('rows_total', 'Readings committed, by what became of them', ['outcome'])
  const passes = counter('passes_total', 'Passes over the open due points of a line', ['line', 'outcome'])
  const predicted = counter('predicted_seconds_total', 'Airtime predicted for windows', perLine)
  const infeasible = counter('windows_infeasible_total', 'Windows foretold not to hold what is due', perLine)
  const achieved = counter('achieved_seconds_total', 'Time that passes took', perLine)
  const points = counter('due_points_total', 'Attempts at due points, by what became of them', ['outcome'])
  const fires = counter('fires_total', 'Due instants of schedules taken up by this node', ['schedule'])
  const leasesLost = counter('leases_lost_total', 'Lines that another node took over', perLine)
  const onDemand = counter('on_demand_total', 'On-demand reads answered', ['outcome'])
  const admissions = counter('on_demand_admissions_total', 'On-demand reads, by how they were taken', ['admission'])
  const trouble = counter('trouble_total', 'Losses of what the node depends on', ['where'])

  gauge('lines_held', 'Lines that this node owns now', sources.linesHeld)
  gauge('on_demand_waiting', 'On-demand reads that this node has taken and not answered', sources.onDemandWaiting)
  gauge('pending_uploads', 'Uploads received and not committed', sources.pendingUploads)
  gauge('spool_bytes', 'Bytes on disk that wait for the database', sources.spoolBytes)
  gauge('spool_batches', 'Batches on disk that wait for the database', sources.spoolBatches)
  gauge('broker_connected', '1 while uploads can be received', () => Number(sources.brokerConnected()))
  gauge('lines_unusable', 'Lines left out because of what the registry says of them', sources.linesUnusable)
  gauge('spool_damaged', 'Stretches of the spool that came back damaged and were set aside', sources.spoolDamaged)
  gauge('database_reachable', '1 while the database answers', () => Number(sources.databaseReachable()))
  gauge(
    'database_silent_seconds',
    'Time since the last answer of the database',
    () => sources.databaseSilentSeconds() ?? Number.NaN,
  )
  gauge('database_silences', 'Statements given up because the database said nothing', sources.databaseSilences)
  const windows = new Gauge({
    name: 'shuangwu_headend_windows',
    help: 'Windows of all nodes: running, waiting to be taken, late (waiting for more than a minute)',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await sources.windows()
      for (const [state, count] of Object.entries(counts)) windows.set({ state }, count)
    },
  })

  return {
    traffic(line, counters) {
      for (const [name, total] of Object.entries(traffic)) total.inc({ line }, counters[name as keyof typeof traffic])
    },
    stored({ stored, duplicates, disputed, quarantined }) {
      batches.inc()
      for (const [outcome, count] of Object.entries({ stored, duplicates, disputed, quarantined }))
        rows.inc({ outcome }, count)
    },
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
