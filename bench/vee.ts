// Fills a month of accepted registers and a day of claims and times their validation, one JSON document on stdout:
// node build/bench/vee.js [METERS [plain|timescale]]
import { invariant } from '../domain/result.js'
import { dayMs, hourMs } from '../domain/time.js'
import { runValidation } from '../mdm/validation/run-validation.js'
import type { Database } from '../storage/database.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result, secondsOf } from './bench-report.js'
import { fillVee, veeMidnight } from './vee-fill.js'
import { oneStatement, rowWise } from './vee-peers.js'

const { sizes, binaries } = benchArguments('vee')
const { meters } = sizes
const mebibyte = 1024 * 1024
const limitSeconds = 120
/** Too slow for the whole: they run on a tenth and are compared by meter. */
const peerMeters = Math.ceil(meters / 10)

const options = {
  binaries,
  from: veeMidnight - 62 * dayMs,
  to: veeMidnight + 7 * dayMs,
  // A month of a million meters is 6 GB already; the log is to stay small beside it.
  settings: { max_wal_size: '2GB' },
}
await reportOnDatabase('vee', options, measure)

async function measure({ owner, open }: BenchDatabase): Promise<readonly BenchResult[]> {
  process.stderr.write(`… ${meters} 块表三十天历史入库 a month of history goes in\n`)
  await fillVee(owner, meters)
  const mdm = open('mdm', 1)
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
  const half = Math.ceil(memory.length / 2)
  return [
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
  ]
}

async function validate(mdm: Database, memory: number[]) {
  const range = { from: veeMidnight, to: veeMidnight + 1, now: veeMidnight + 8 * hourMs }
  let report: Awaited<ReturnType<typeof runValidation>> | null = null
  const onShard = () => memory.push(Math.round(process.memoryUsage.rss() / mebibyte))
  const seconds = await secondsOf(async () => {
    report = await runValidation(mdm, { ...range, onShard })
  })
  invariant(report !== null, 'the run ended')
  return { report: report as Awaited<ReturnType<typeof runValidation>>, seconds }
}
