// Fills two days of due points with their readings and times what `ops day` asks of one of them, first from the points one by one and
// then with the night's tally, one JSON document on stdout:
// node build/bench/ops-day.js [METERS [plain|timescale]]
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs, hourMs } from '../domain/time.js'
import { accountDay } from '../headend/accounting/account-day.js'
import { openPoints } from '../headend/accounting/open-points.js'
import { openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { layDueReads } from '../storage/headend/due-reads.js'
import { usualWindows } from '../storage/headend/due-windows.js'
import { tallyNight } from '../storage/headend/night-tallies.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result, secondsOf } from './bench-report.js'
import { fillDueDays, filledMidnight } from './ops-day-fill.js'

const { sizes, binaries } = benchArguments('ops-day')
const clock = createRealClock()
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
  const page = { newest: filledMidnight, asOf, now: asOf, crew: null, behind: null, limit: 50 }
  const told: string[] = []
  for (const how of ['point by point', 'with the tally'] as const) {
    if (how === 'with the tally') {
      const tally = { readAt: filledMidnight, talliedAt: filledMidnight + 6 * hourMs, windows: usualWindows }
      results.push(result('a night tallied', await secondsOf(() => tallyNight(owner, tally)), 's'))
      // As the database does by itself within a minute.
      await owner.execute('analyze night_tally_cell, night_tally_rest')
    }
    for (const by of ['line', 'area', 'crew', 'county', 'cause'] as const) {
      const seconds = await median(() => accountDay(reader, wish, by))
      const limit = { name: 'limit', value: 2, ratio: 2 / seconds }
      results.push(result(`ops day --by ${by}, ${how}`, seconds, 's', limit))
    }
    results.push(result(`ops open, first page, ${how}`, await median(() => openPoints(reader, page)), 's'))
    told.push(JSON.stringify(await accountDay(reader, wish, 'area')))
  }
  invariant(told[0] === told[1], 'a tally changes nothing of what is told')
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
