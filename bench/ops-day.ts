// Fills two days of due points with their readings and times what `ops day` asks of one of them, first from the points one by one and
// then with the night's tally, one JSON document on stdout:
// node build/bench/ops-day.js [METERS [plain|timescale]]
import { invariant } from '../domain/result.js'
import { dayMs, hourMs } from '../domain/time.js'
import { accountDay } from '../headend/accounting/account-day.js'
import { openPoints } from '../headend/accounting/open-points.js'
import { layDueReads } from '../storage/headend/due-reads.js'
import { usualWindows } from '../storage/headend/due-windows.js'
import { tallyNight } from '../storage/headend/night-tallies.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result, secondsOf } from './bench-report.js'
import { fillDueDays, filledMidnight } from './ops-day-fill.js'

const { sizes, binaries } = benchArguments('ops-day')
const repetitions = 5

const options = { binaries, from: filledMidnight - 62 * dayMs, to: filledMidnight + 56 * dayMs }
await reportOnDatabase('ops-day', options, measure)

async function measure({ owner, open }: BenchDatabase): Promise<readonly BenchResult[]> {
  await fillDueDays(owner, sizes.meters)
  const reader = open('reader', 1)
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
  return results
}

async function median(act: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = []
  for (let round = 0; round < repetitions; round++) seconds.push(await secondsOf(act))
  return seconds.toSorted((a, b) => a - b)[Math.floor(repetitions / 2)] ?? Number.NaN
}
