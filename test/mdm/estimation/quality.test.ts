import t from 'tap'
import { measureErrors } from '../../../bench/estimation/measure-errors.js'
import { drawGaps, judge, qualityOf } from '../../../bench/estimation/plant-gaps.js'
import { syntheticHouseholds } from '../../../bench/estimation/synthetic-households.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { defaultEstimationPolicy, type EstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { estimationPolicySchema } from '../../../mdm/estimation/policy-document.js'

const seed = 20_261
const random = createSeededRandom(seed)
const homes = syntheticHouseholds(44, 180, random)
const [measured, judged] = [homes.slice(0, 12), homes.slice(12)]

t.test('nine in ten truths lie in their interval, which is narrower than previous period ± history', async (t) => {
  const { version, document } = defaultEstimationPolicy
  const policy: EstimationPolicy = {
    version,
    document: estimationPolicySchema.parse({ ...document, errors: { residential: measureErrors(measured) } }),
  }
  const gaps = drawGaps(judged, { count: 400, lengths: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], random })
  // A later reading within three days of the midnight is there when interpolation is asked; else the point waits five days.
  const points = gaps.flatMap((gap) =>
    Array.from({ length: gap.length }, (_, day) => {
      const age = gap.length - day <= 3 ? 72 : 120
      return judge(judged, gap, day + 1, policy, age) ?? []
    }).flat(),
  )
  const whole = qualityOf(points)
  t.ok(whole.points > 1500, `${whole.points} points`)
  t.ok(
    whole.coveredPerMille >= 880 && whole.coveredPerMille <= 920,
    `covered ${whole.coveredPerMille} ‰ (seed ${seed})`,
  )
  t.ok(whole.widthPerMille <= 800, `width ${whole.widthPerMille} ‰ of the usual practice`)
  t.ok(whole.meanErrorE4 < whole.usualMeanErrorE4, 'and nearer to the truth')
  for (const method of ['interpolation', 'peer_profile'] as const) {
    const own = qualityOf(points.filter((point) => point.method === method))
    t.ok(
      own.points > 200 && own.coveredPerMille >= 860 && own.coveredPerMille <= 940,
      `${method}: ${own.coveredPerMille} ‰ of ${own.points}`,
    )
  }
  t.comment(JSON.stringify(whole, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
})
