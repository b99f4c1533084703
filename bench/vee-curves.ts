// Settles a month of 96-point curves set-wise, beside a meter and day at a time and a statement with window functions, one JSON document
// on stdout: node build/bench/vee-curves.js [METERS [plain|timescale]]
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import { type CurveReport, settleCurves } from '../mdm/curves/settle-curves.js'
import { openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result, secondsOf } from './bench-report.js'
import { emptyMonth, fillMonth, fillRegistry, month, monthStart, slotsPerDay } from './vee-curves/fill.js'
import { settleOneByOne, sumByWindow } from './vee-curves/peers.js'

const { sizes, binaries } = benchArguments('vee-curves')
const clock = createRealClock()
/** Meters whose pieces are in the database at once: about 4 GB. */
const metersPerPart = 4000
/** What is allowed for a month of 20 000 points. */
const limitSeconds = 120
const limitMeters = 20_000
const mebibyte = 1024 * 1024
const statementMs = 3_600_000

const folder = makeBenchFolder()
const remove = closeInAnyCase(() => removeBenchFolder(folder))
const local = await openLocalDatabase({ folder, binaries })
const close = closeInAnyCase(local.close)
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`)
} finally {
  await close()
  await remove()
}

async function measure(): Promise<BenchReport> {
  await migrate(local.ownerUrl, { logins: local.passwords })
  const owner = openDatabase({ url: local.ownerUrl, clock, connections: 1 }).withStatementLimit(statementMs)
  const mdm = openDatabase({ url: local.url('mdm'), clock, connections: 2 })
  await ensureTimePartitions(owner, monthStart - 62 * dayMs, monthStart + 62 * dayMs)
  await fillRegistry(owner, sizes.meters)
  let [seconds, rssMiB, settled] = [0, 0, 0]
  const peers: { name: string; perDay: number; of: string }[] = []
  const input = { from: month.from, to: month.to, now: monthStart + 40 * dayMs }
  for (let first = 1; first <= sizes.meters; first += metersPerPart) {
    const last = Math.min(sizes.meters, first + metersPerPart - 1)
    process.stderr.write(`meters ${first}–${last}\n`)
    await fillMonth(owner, first, last)
    const onMeters = () => (rssMiB = Math.max(rssMiB, process.memoryUsage.rss() / mebibyte))
    const reports: CurveReport[] = []
    seconds += await secondsOf(async () => reports.push(await settleCurves(mdm, { ...input, onMeters })))
    for (const { meters, days } of reports) {
      invariant(meters === last - first + 1 && days.complete > 0 && days.filled > 0, 'every meter has its days')
      settled += days.complete + days.filled + days.held
    }
    if (first === 1) peers.push(...(await measurePeers(last)))
    await emptyMonth(owner)
  }
  async function measurePeers(meters: number) {
    const oneByOne = Math.max(1, Math.floor(sizes.meters / 100))
    const byWindow = Math.min(meters, Math.max(1, Math.floor(sizes.meters / 10)))
    const slow = await secondsOf(() => settleOneByOne(owner, oneByOne, input.now))
    const window = await secondsOf(() => sumByWindow(owner, byWindow))
    return [
      { name: 'a day at a time', perDay: slow / (oneByOne * month.days), of: `${oneByOne} meters` },
      { name: 'window functions, no checks', perDay: window / (byWindow * month.days), of: `${byWindow} meters` },
    ]
  }
  const perDay = seconds / settled
  const scaled = perDay * limitMeters * month.days
  const results: BenchResult[] = [
    result('vee_curves_seconds', seconds, 's'),
    result(`vee_curves_seconds of ${limitMeters} meters`, scaled, 's', {
      name: 'limit',
      value: limitSeconds,
      ratio: limitSeconds / scaled,
    }),
    result('slots settled', (settled * slotsPerDay) / seconds, 'slots/s'),
    result('memory while settling', rssMiB, 'MiB'),
    ...peers.map(({ name, perDay: peerPerDay, of }) =>
      result(`µs a meter and day`, perDay * 1e6, 'µs', {
        name: `${name}, ${of}`,
        value: peerPerDay * 1e6,
        ratio: peerPerDay / perDay,
      }),
    ),
  ]
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  await mdm.close()
  await owner.close()
  const database = `PostgreSQL ${serverVersion}, ${tier}, shared_buffers ${settings['shared_buffers']}, max_wal_size ${settings['max_wal_size']}, synchronous_commit ${settings['synchronous_commit']}`
  return { name: 'vee-curves', machine: machineOf(database), results }
}
