import t from 'tap'
import { deviationOf, narrowest } from '../../../mdm/estimation/interval.js'

t.test('the narrowest range that a further score hits nine times in ten', async (t) => {
  const even = Array.from({ length: 99 }, (_, place) => BigInt(place))
  t.same(narrowest(even), { least: 0n, most: 90n })
  const skewed = [...Array.from({ length: 95 }, (_, place) => BigInt(place)), 500n, 900n, 5000n, 9000n]
  t.same(narrowest(skewed), { least: 0n, most: 90n }, 'a long tail is left outside')
  t.same(narrowest([-3n, 8n]), { least: -3n, most: 8n }, 'of few all are needed')
})

t.test('scores of the class are scaled by the spread of the point', async (t) => {
  const scores = Array.from({ length: 41 }, (_, place) => BigInt(place - 20) * 100n)
  const pooled = { days: 1, usual: 0n, scores }
  t.same(deviationOf({ errors: [], days: 1 }, pooled, 5000n), { below: -10_000n, above: 9000n })
  t.same(deviationOf({ errors: [], days: 1 }, pooled, 50n), { below: -100n, above: 90n })
})
