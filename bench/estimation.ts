// How good estimates are on real households: half of them measure the errors, the other half is judged.
// node build/bench/estimation.js FILE.csv[.gz] [--errors]   (--errors prints the measured errors as JSON for a policy)
import { createSeededRandom } from '../domain/seeded-random.js'
import { formatScaled } from '../domain/scaled.js'
import { defaultEstimationPolicy, type EstimationPolicy } from '../mdm/estimation/default-policy.js'
import type { MethodName } from '../mdm/estimation/policy-document.js'
import type { Household } from './estimation/households.js'
import { loadHouseholds } from './estimation/load-households.js'
import { measureErrors } from './estimation/measure-errors.js'
import { drawGaps, judge, type Judged, type Quality, qualityOf } from './estimation/plant-gaps.js'

const [path, flag] = process.argv.slice(2)
if (path === undefined) {
  process.stderr.write('node build/bench/estimation.js FILE.csv[.gz] [--errors]\n')
  process.exit(2)
}
const seed = 20_261
const gapsPerStratum = 2000
const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

const heading = `${'case'.padEnd(40)} points  covered %  width/usual  median  error kWh  usual kWh  bias kWh  usual covered %`

const all = loadHouseholds(path)
const measured = all.filter((_, place) => place % 2 === 0)
const judgedHouseholds = all.filter((_, place) => place % 2 === 1)
if (flag === '--errors') process.stdout.write(`${JSON.stringify(measureErrors(measured))}\n`)
else process.stdout.write(`${report(judgedHouseholds).join('\n')}\n`)

function report(households: readonly Household[]): readonly string[] {
  const random = createSeededRandom(seed)
  const gaps = drawGaps(households, { count: gapsPerStratum, lengths, random })
  const asRun = gaps.flatMap((gap) =>
    Array.from({ length: gap.length }, (_, day) => firstEstimate(households, gap, day + 1)).flat(),
  )
  const lines = [`${all.length} households, ${households.length} judged, seed ${seed}`, heading]
  lines.push(row('as the product runs, gaps of 1-10 days', qualityOf(asRun)))
  const methods = [...new Set(asRun.map(({ method }) => method))]
  for (const method of methods)
    lines.push(row(`  ${method}`, qualityOf(asRun.filter((each) => each.method === method))))
  for (const method of ['peer_profile', 'own_history', 'same_day_type', 'previous_period'] as const)
    for (const days of [1, 2, 3, 5, 7, ...(method === 'previous_period' ? [30] : [])])
      lines.push(row(`${method} alone, ${days} d open`, qualityOf(forced(households, method, days))))
  for (const length of [1, 2, 3, 5, 7, 10])
    lines.push(row(`interpolation alone, gap of ${length} d`, qualityOf(interpolated(households, length))))
  return lines
}

/** At the first age at which a method has something to say, as the nightly run would find. */
function firstEstimate(
  households: readonly Household[],
  gap: Parameters<typeof judge>[1],
  day: number,
): readonly Judged[] {
  for (let age = 72; age <= 24 * 30; age += 24) {
    const found = judge(households, gap, day, defaultEstimationPolicy, age)
    if (found !== null) return [found]
  }
  return []
}

function forced(households: readonly Household[], method: MethodName, days: number): readonly Judged[] {
  const gaps = drawGaps(households, {
    count: gapsPerStratum / 4,
    lengths: [days],
    random: createSeededRandom(seed + days),
  })
  return gaps.flatMap((gap) => judge(households, gap, days, only(method), null) ?? [])
}

function interpolated(households: readonly Household[], length: number): readonly Judged[] {
  const random = createSeededRandom(seed + length)
  const gaps = drawGaps(households, { count: gapsPerStratum / 4, lengths: [length], random })
  return gaps.flatMap((gap, turn) => judge(households, gap, 1 + (turn % length), only('interpolation'), 24 * 62) ?? [])
}

function only(method: MethodName): EstimationPolicy {
  const { document, version } = defaultEstimationPolicy
  const rule = { method, afterHours: 0, leastHistoryDays: 14, greatestGapDays: 31, leastPeers: 5 }
  const residential = { ...document.classes.residential, methods: [rule], mostConsecutiveDays: 31 }
  return { version, document: { ...document, classes: { ...document.classes, residential } } }
}

function row(name: string, quality: Quality): string {
  const cells = [
    String(quality.points).padStart(6),
    (quality.coveredPerMille / 10).toFixed(1).padStart(10),
    (quality.widthPerMille / 1000).toFixed(3).padStart(12),
    (quality.middleWidthPerMille / 1000).toFixed(3).padStart(7),
    formatScaled(quality.meanErrorE4, 4).padStart(10),
    formatScaled(quality.usualMeanErrorE4, 4).padStart(10),
    formatScaled(quality.biasE4, 4).padStart(9),
    (quality.usualCoveredPerMille / 10).toFixed(1).padStart(16),
  ]
  return `${name.padEnd(40)} ${cells.join(' ')}`
}
