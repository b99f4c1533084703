import fc from 'fast-check'
import t from 'tap'
import { apportion } from '../../../mdm/curves/apportion.js'

type Case = readonly [
  total: bigint,
  weights: readonly bigint[],
  caps: readonly bigint[],
  expected: readonly bigint[] | null,
]

const cases: readonly Case[] = [
  [10n, [1n, 1n], [10n, 10n], [5n, 5n]],
  // One unit is left over: of equal remainders the earlier slot gets it.
  [10n, [1n, 1n, 1n], [10n, 10n, 10n], [4n, 3n, 3n]],
  [10n, [1n, 2n, 3n], [10n, 10n, 10n], [2n, 3n, 5n]],
  // What a cap cuts off goes to the others in proportion.
  [12n, [1n, 1n, 4n], [10n, 10n, 4n], [4n, 4n, 4n]],
  [12n, [1n, 3n, 8n], [10n, 10n, 4n], [2n, 6n, 4n]],
  // Only slots without weight are left.
  [10n, [1n, 0n, 0n], [4n, 9n, 9n], [4n, 3n, 3n]],
  [7n, [0n, 0n], [9n, 9n], [4n, 3n]],
  [10n, [1n, 1n], [5n, 5n], [5n, 5n]],
  [11n, [1n, 1n], [5n, 5n], null],
  [0n, [3n, 4n], [0n, 0n], [0n, 0n]],
  [-1n, [1n], [9n], null],
]

t.test('an energy is given out in proportion, exactly, and below the caps', async (t) => {
  for (const [total, weights, caps, expected] of cases) {
    const shares = weights.map((weight, index) => ({ weight, capE4: caps[index]! }))
    t.strictSame(apportion(total, shares), expected, `${total} by ${weights.join(':')}`)
  }
})

t.test('whatever the weights and caps: the parts sum up to the whole and none exceeds its cap', async (t) => {
  const amount = fc.bigInt({ min: 0n, max: 10_000n })
  const share = fc.record({ weight: amount, capE4: amount })
  fc.assert(
    fc.property(
      fc.array(share, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (shares, of) => {
        const room = shares.reduce((sum, { capE4 }) => sum + capE4, 0n)
        const total = BigInt(Math.floor(Number(room) * of))
        const parts = apportion(total, shares)!
        t.equal(
          parts.reduce((sum, part) => sum + part, 0n),
          total,
        )
        t.ok(parts.every((part, index) => part >= 0n && part <= shares[index]!.capE4))
      },
    ),
    { seed: 20130331, numRuns: 300 },
  )
})
