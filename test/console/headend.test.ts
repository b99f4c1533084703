import { Registry } from 'prom-client'
import t from 'tap'
import { createJsonLog } from '../../console/headend/json-log.js'
import { createMetricsApp } from '../../console/metrics/server.js'
import { createHeadEndMetrics } from '../../headend/metrics/head-end-metrics.js'
import { createUploadTally, receivedFrom } from '../../headend/metrics/upload-tally.js'
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
  const tally = createUploadTally()
  // The same broker after a new connection.
  for (const url of ['mqtt://b.example:1883', 'mqtt://b.example:1883']) receivedFrom(tally, url).up += 2
  receivedFrom(tally, 'mqtt://b.example:1883').unknown += 1
  tally.receipts.sent += 4
  tally.receipts.failed += 1
  tally.pushBacks += 3
  const metrics = createHeadEndMetrics(registry, {
    windows: async () => (reachable ? { running: 2, waiting: 1, late: 1 } : null),
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
    pendingBytes: () => 900,
    uploadsFull: () => true,
    uploads: () => tally,
    brokers: () => [{ url: 'mqtts://user:secret@b.example:8883', connected: false }],
    spoolSince: () => 30_000,
    now: () => 42_000,
  })
  metrics.traffic('bus', { ...noTraffic, requests: 4, replies: 3, timeouts: 1, bytesOut: 80, airtimeMs: 1500 })
  metrics.uploads({
    messages: 6,
    repeated: 2,
    frames: 4,
    stored: 40,
    duplicates: 20,
    disputed: 1,
    quarantined: new Map([['unknown_topic', 2]]),
    seconds: 0.04,
  })
  metrics.uploadsFailed()
  metrics.committed(0.02)
  metrics.spooled()
  metrics.drained(1)
  metrics.held('busy')
  metrics.window('opened')
  metrics.order('verified')
  metrics.broadcast('near_midnight')
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
    'airtime_seconds_total{line="bus"} 1.5',
    'batches_total{source="line"} 1',
    'batches_total{source="upload"} 1',
    'rows_total{source="line",outcome="duplicates"} 1',
    'rows_total{source="upload",outcome="stored"} 40',
    'rows_total{source="upload",outcome="disputed"} 1',
    'frames_total 4',
    'uploads_total{outcome="new"} 4',
    'uploads_total{outcome="repeated"} 2',
    'quarantined_total{reason="unknown_topic"} 2',
    'commit_seconds_count{source="upload"} 1',
    'commit_seconds_bucket{le="0.05",source="upload"} 1',
    'commit_failures_total 1',
    'messages_received_total{broker="b.example:1883",channel="up"} 4',
    'messages_received_total{broker="b.example:1883",channel="unknown"} 1',
    'receipts_total{outcome="sent"} 4',
    'receipts_total{outcome="failed"} 1',
    'pushbacks_total 3',
    'pending_upload_bytes 900',
    'upload_queue_full 1',
    'spool_age_seconds 12',
    'spooled_batches_total 1',
    'drained_batches_total 1',
    'line_holds_total{outcome="busy"} 1',
    'window_steps_total{step="opened"} 1',
    'order_executions_total{outcome="verified"} 1',
    'broadcasts_total{outcome="near_midnight"} 1',
    'broker_up{broker="b.example:8883"} 0',
    'database_silent_seconds 16',
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
  const away = await app.inject('/metrics')
  t.notMatch(away.body, /^shuangwu_headend_windows\{/m, 'of windows nobody can say anything then')
})
