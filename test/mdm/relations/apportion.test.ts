import fc from 'fast-check'
import t from 'tap'
import { apportion } from '../../../mdm/relations/apportion.js'

t.test('parts add up to the whole, and what is left goes to those that lost most', (t) => {
  const cases: readonly [bigint, readonly bigint[], readonly bigint[]][] = [
    [100n, [1n, 1n, 2n], [25n, 25n, 50n]],
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [10n, [1n, 2n, 4n], [1n, 3n, 6n]],
    [7n, [0n, 0n], [4n, 3n]],
    [0n, [5n, 3n], [0n, 0n]],
    [0n, [], []],
    [1n, [999_999n, 1n], [1n, 0n]],
  ]
  for (const [whole, weights, expected] of cases) t.same(apportion(whole, weights), expected)
  t.end()
})

t.test('no part is a whole unit or more away from its exact share', (t) => {
  const weight = fc.bigInt({ min: 0n, max: 10n ** 9n })
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.array(weight, { minLength: 1 }), (whole, weights) => {
      const sum = weights.reduce((total, each) => total + each, 0n)
      const parts = apportion(whole, weights)
      const isNear = parts.every((part, place) => {
        const away = part * sum - whole * (weights[place] ?? 0n)
        return sum === 0n || (away < sum && away > -sum)
      })
      return isNear && parts.reduce((total, part) => total + part, 0n) === whole
    }),
  )
  t.end()
})

t.test('nothing negative is split', (t) => {
  t.throws(() => apportion(-1n, [1n]), /not negative/)
  t.throws(() => apportion(1n, [2n, -1n]), /not negative/)
  t.throws(() => apportion(1n, []), /among somebody/)
  t.end()
})
