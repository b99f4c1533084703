// Settles a month of 96-point curves set-wise, beside a meter and day at a time and a statement with window functions, one JSON document
// on stdout: node build/bench/vee-curves.js [METERS [plain|timescale]]
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import { type CurveReport, settleCurves } from '../mdm/curves/settle-curves.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result, secondsOf } from './bench-report.js'
import { emptyMonth, fillMonth, fillRegistry, month, monthStart, slotsPerDay } from './vee-curves/fill.js'
import { settleOneByOne, sumByWindow } from './vee-curves/peers.js'

const { sizes, binaries } = benchArguments('vee-curves')
/** Meters whose pieces are in the database at once: about 4 GB. */
const metersPerPart = 4000
/** What is allowed for a month of 20 000 points. */
const limitSeconds = 120
const limitMeters = 20_000
const mebibyte = 1024 * 1024

const options = { binaries, from: monthStart - 62 * dayMs, to: monthStart + 62 * dayMs }
await reportOnDatabase('vee-curves', options, measure)

async function measure({ owner, open }: BenchDatabase): Promise<readonly BenchResult[]> {
  const mdm = open('mdm', 2)
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
  return [
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
}
