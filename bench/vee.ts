// Fills a month of accepted registers and a day of claims and times their validation, one JSON document on stdout:
// node build/bench/vee.js [METERS [plain|timescale]]
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs, hourMs } from '../domain/time.js'
import { runValidation } from '../mdm/validation/run-validation.js'
import { openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, machineOf, result, secondsOf } from './bench-report.js'
import { fillVee, veeMidnight } from './vee-fill.js'
import { oneStatement, rowWise } from './vee-peers.js'

const { sizes, binaries } = benchArguments('vee')
const { meters } = sizes
const clock = createRealClock()
const mebibyte = 1024 * 1024
const limitSeconds = 120
/** Too slow for the whole: they run on a tenth and are compared by meter. */
const peerMeters = Math.ceil(meters / 10)

const folder = makeBenchFolder()
const remove = closeInAnyCase(() => removeBenchFolder(folder))
// A month of a million meters is 6 GB already; the log is to stay small beside it.
const local = await openLocalDatabase({ folder, binaries, settings: { max_wal_size: '2GB' } })
const close = closeInAnyCase(local.close)
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`)
} finally {
  await close()
  await remove()
}

async function measure(): Promise<BenchReport> {
  await migrate(local.ownerUrl, { logins: local.passwords })
  const owner = openDatabase({ url: local.ownerUrl, clock, connections: 1 })
  await ensureTimePartitions(owner, veeMidnight - 62 * dayMs, veeMidnight + 7 * dayMs)
  process.stderr.write(`… ${meters} 块表三十天历史入库 a month of history goes in\n`)
  await fillVee(owner, meters)
  const mdm = openDatabase({ url: local.url('mdm'), clock, connections: 1 })
  const memory: number[] = []
  const { report, seconds } = await validate(mdm, memory)
  const [row] = await owner.query<{ readonly decided: number }>(
    `select count(*)::integer as decided from validation_decision where read_at = to_timestamp($1::bigint / 1000)`,
    [veeMidnight],
  )
  invariant(row?.decided === meters && report.accepted + report.held.length === meters, 'each meter is decided once')
  const peer = (name: string, peerSeconds: number) => {
    const value = (peerSeconds * meters) / peerMeters
    return { name: `${name}, by a tenth`, value, ratio: value / seconds }
  }
  const rows = peer('row by row through JSON, no history', await rowWise(mdm, peerMeters))
  const statement = peer('one statement, five rules', await oneStatement(mdm, peerMeters))
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  await mdm.close()
  await owner.close()
  const half = Math.ceil(memory.length / 2)
  const database = `PostgreSQL ${serverVersion}, ${tier}, shared_buffers ${settings['shared_buffers']}, max_wal_size ${settings['max_wal_size']}, synchronous_commit ${settings['synchronous_commit']}`
  return {
    name: 'vee',
    machine: machineOf(database),
    results: [
      result('vee_registers_seconds', seconds, `s for ${meters} meters`, {
        name: 'limit',
        value: limitSeconds,
        ratio: limitSeconds / seconds,
      }),
      result('vee_registers_seconds', seconds, 's', rows),
      result('vee_registers_seconds', seconds, 's', statement),
      result('vee_registers_per_second', (5 * meters) / seconds, 'registers/s'),
      result('vee_registers_held', report.held.length, 'meters'),
      result('vee_registers_rss_first_half', Math.max(...memory.slice(0, half)), 'MiB at most'),
      result('vee_registers_rss_second_half', Math.max(...memory.slice(half)), 'MiB at most'),
    ],
  }
}

async function validate(mdm: ReturnType<typeof openDatabase>, memory: number[]) {
  const range = { from: veeMidnight, to: veeMidnight + 1, now: veeMidnight + 8 * hourMs }
  let report: Awaited<ReturnType<typeof runValidation>> | null = null
  const onShard = () => memory.push(Math.round(process.memoryUsage.rss() / mebibyte))
  const seconds = await secondsOf(async () => {
    report = await runValidation(mdm, { ...range, onShard })
  })
  invariant(report !== null, 'the run ended')
  return { report: report as Awaited<ReturnType<typeof runValidation>>, seconds }
}
