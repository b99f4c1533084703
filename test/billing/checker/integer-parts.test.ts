import t from 'tap'
import { type Parts, roundedQuotient, split, spread, takenOff } from '../../../billing/checker/integer-parts.js'

t.test('a whole is split to the last unit, the largest rest first, then the earlier one', (t) => {
  const rows: readonly (readonly [bigint, readonly bigint[], string])[] = [
    [10n, [1n, 1n, 1n], '4,3,3'],
    [11n, [1n, 1n, 1n], '4,4,3'],
    [10n, [0n, 0n], '5,5'],
    [10n, [0n, 3n], '0,10'],
    [7n, [333_333n, 666_667n], '2,5'],
    [0n, [1n, 2n], '0,0'],
  ]
  for (const [whole, weights, expected] of rows) t.equal(String(split(whole, weights)), expected)
  t.end()
})

t.test('registers lie as those of the whole do, and none where it has none', (t) => {
  const plain: Parts = [100n, 0n, 0n, 0n, 0n]
  const rates: Parts = [100n, 0n, 60n, 0n, 40n]
  t.same(spread(10n, rates), [10n, 0n, 6n, 0n, 4n])
  t.same(spread(10n, plain), [10n, 0n, 0n, 0n, 0n])
  t.same(takenOff(rates, [10n, 0n, 0n, 0n, 0n]), [10n, 0n, 6n, 0n, 4n])
  t.same(takenOff(rates, [10n, 0n, 1n, 0n, 9n]), [10n, 0n, 1n, 0n, 9n])
  t.same(takenOff(plain, [10n, 0n, 1n, 0n, 9n]), [10n, 0n, 0n, 0n, 0n])
  t.end()
})

t.test('halves are rounded away from zero', (t) => {
  t.same([roundedQuotient(5n, 2n), roundedQuotient(-5n, 2n), roundedQuotient(4n, 3n)], [3n, -3n, 1n])
  t.end()
})
