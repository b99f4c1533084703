import { Registry } from 'prom-client'
import t from 'tap'
import { createJsonLog } from '../../console/headend/json-log.js'
import { createMetricsApp } from '../../console/metrics/server.js'
import { createHeadEndMetrics } from '../../headend/metrics/head-end-metrics.js'
import { noTraffic } from '../../headend/sessions/line-counters.js'
import { createStillClock } from '../support/still-clock.js'

t.test('the log is one JSON line per event, without passwords', async (t) => {
  const lines: string[] = []
  const log = createJsonLog(createStillClock(0), 'n1', (line) => void lines.push(line))
  log('error', 'database_failed', { reason: 'no route to postgresql://app:s3cret@db/x', lineId: 7n })
  t.equal(
    lines.join(),
    '{"at":"1970-01-01T00:00:00.000Z","level":"error","node":"n1","event":"database_failed","reason":"no route to postgresql://app:***@db/x","lineId":"7"}',
  )
})

t.test('figures of every stage, by line and outcome; health says when the database is away', async (t) => {
  const registry = new Registry()
  let reachable = true
  const metrics = createHeadEndMetrics(registry, {
    windows: async () => ({ running: 2, waiting: 1, late: 1 }),
    linesHeld: () => 2,
    onDemandWaiting: () => 0,
    pendingUploads: () => 5,
    spoolBytes: () => 4096,
    spoolBatches: () => 2,
    brokerConnected: () => false,
    linesUnusable: () => 4,
    spoolDamaged: () => 1,
    databaseReachable: () => reachable,
    databaseSilentSeconds: () => 16,
    databaseSilences: () => 3,
  })
  metrics.traffic('bus', { ...noTraffic, requests: 4, replies: 3, timeouts: 1, bytesOut: 80 })
  metrics.stored({ stored: 3, duplicates: 1, disputed: 0, quarantined: 0 })
  metrics.pass('bus', 'open', 2)
  metrics.foretold('bus', { seconds: 1.5, fits: false })
  metrics.admission('would_cost_planned_reads')
  metrics.points({ read: 3, repaired: 0, failed: 1 })
  metrics.onDemand('refused')
  metrics.leaseLost('bus')
  metrics.fired('daily')
  metrics.trouble('broker')
  const app = createMetricsApp(registry, () => ({ ok: reachable }))
  t.teardown(() => app.close())
  const { body, headers } = await app.inject('/metrics')
  t.match(headers['content-type'], /^text\/plain/)
  for (const figure of [
    'requests_total{line="bus"} 4',
    'timeouts_total{line="bus"} 1',
    'sent_bytes_total{line="bus"} 80',
    'batches_total 1',
    'rows_total{outcome="duplicates"} 1',
    'passes_total{line="bus",outcome="open"} 1',
    'predicted_seconds_total{line="bus"} 1.5',
    'achieved_seconds_total{line="bus"} 2',
    'windows_infeasible_total{line="bus"} 1',
    'on_demand_admissions_total{admission="would_cost_planned_reads"} 1',
    'due_points_total{outcome="failed"} 1',
    'windows{state="late"} 1',
    'lines_held 2',
    'spool_damaged 1',
    'lines_unusable 4',
    'database_silent_seconds 16',
    'database_silences 3',
    'pending_uploads 5',
    'spool_bytes 4096',
    'spool_batches 2',
    'broker_connected 0',
    'database_reachable 1',
    'on_demand_total{outcome="refused"} 1',
    'leases_lost_total{line="bus"} 1',
    'fires_total{schedule="daily"} 1',
    'trouble_total{where="broker"} 1',
  ])
    t.ok(body.includes(`shuangwu_headend_${figure}\n`), figure)
  t.equal((await app.inject('/healthz')).statusCode, 200)
  reachable = false
  t.equal((await app.inject('/healthz')).statusCode, 503)
})
