// Fills two days of due points with their readings and times what `ops day` asks of one of them, one JSON document on stdout:
// node build/bench/ops-day.js [METERS [plain|timescale]]
import type { Clock } from '../domain/runtime.js'
import { dayMs, hourMs } from '../domain/time.js'
import { accountDay } from '../headend/accounting/account-day.js'
import { openPoints } from '../headend/accounting/open-points.js'
import { openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { layDueReads } from '../storage/headend/due-reads.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result, secondsOf } from './bench-report.js'
import { fillDueDays, filledMidnight } from './ops-day-fill.js'

const { sizes, binaries } = benchArguments('ops-day')
const clock: Pick<Clock, 'hold'> = { hold: () => () => undefined }
const repetitions = 5

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
  const owner = openDatabase({ url: local.ownerUrl, clock, connections: 1 })
  await ensureTimePartitions(owner, filledMidnight - 62 * dayMs, filledMidnight + 56 * dayMs)
  await fillDueDays(owner, sizes.meters)
  const reader = openDatabase({ url: local.url('reader'), clock, connections: 1 })
  const asOf = filledMidnight + 32 * hourMs
  const wish = { after: filledMidnight - dayMs, through: filledMidnight, asOf, now: asOf }
  const results: BenchResult[] = []
  for (const by of ['line', 'area', 'crew', 'county', 'cause'] as const) {
    const seconds = await median(() => accountDay(reader, wish, by))
    results.push(result(`ops day --by ${by}`, seconds, 's', { name: 'limit', value: 2, ratio: 2 / seconds }))
  }
  const page = { newest: filledMidnight, asOf, now: asOf, crew: null, behind: null, limit: 50 }
  results.push(result('ops open, first page', await median(() => openPoints(reader, page)), 's'))
  const next = { midnight: filledMidnight + dayMs, timeZone: 'Asia/Shanghai', recordedAt: filledMidnight + dayMs }
  results.push(result('due points of a midnight laid down', await secondsOf(() => layDueReads(owner, next)), 's'))
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  await reader.close()
  await owner.close()
  const database = `PostgreSQL ${serverVersion}, ${tier}, shared_buffers ${settings['shared_buffers']}, max_wal_size ${settings['max_wal_size']}, synchronous_commit ${settings['synchronous_commit']}`
  return { name: 'ops-day', machine: machineOf(database), results }
}

async function median(act: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = []
  for (let round = 0; round < repetitions; round++) seconds.push(await secondsOf(act))
  return seconds.toSorted((a, b) => a - b)[Math.floor(repetitions / 2)] ?? Number.NaN
}
