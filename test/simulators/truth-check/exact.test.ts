import t from 'tap'
import { fenOf, nearest, ratioOf } from '../../../simulators/truth-check/exact.js'

t.test('rounds to the nearest fen, halves away from zero', async (t) => {
  const cases = [
    ['86.535 yuan', 1_500_000n, '0.5769', 8654n],
    ['37.69 yuan', 1_000_000n, '0.3769', 3769n],
    ['half a fen up', 10_000n, '0.005', 1n],
    ['half a fen down', -10_000n, '0.005', -1n],
    ['less than half', 10_000n, '0.00499999', 0n],
    ['no energy', 0n, '0.5469', 0n],
    ['negative price', 10_000n, '-0.125', -13n],
  ] as const
  for (const [what, energyE4, price, fen] of cases) t.equal(fenOf(energyE4, ratioOf(price)), fen, what)
})

t.test('reads plain decimals only', async (t) => {
  t.same(ratioOf('-0.50'), { numerator: -50n, denominator: 100n })
  t.equal(nearest(ratioOf('-12')), -12n)
  for (const text of ['', '1e3', '.5', '5.', '1,0', ' 1']) t.throws(() => ratioOf(text), /not a plain decimal/)
})
