import t from 'tap'
import { beijing } from '../../../domain/time.js'
import { registersAt, registerWrapE4 } from '../../../simulators/load/register-series.js'
import type { SuppliedEnergy, TouEnergiesE4 } from '../../../simulators/load/supplied-energy.js'

const installedAt = beijing.startOfDay('2026-07-16')
const later = installedAt + 3_600_000

t.test('registers show what was drawn since the installation, each cut off on its own', async (t) => {
  const cases: readonly (readonly [string, TouEnergiesE4, TouEnergiesE4, readonly bigint[]])[] = [
    ['fresh meter', [0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n, 0n]],
    ['fractions add up in the total only', [0n, 50n, 0n, 50n], [0n, 0n, 0n, 0n], [100n, 0n, 0n, 0n, 0n]],
    ['starts from what it held', [0n, 12_345n, 0n, 0n], [0n, 155n, 0n, 99n], [12_500n, 0n, 12_500n, 0n, 0n]],
    ['rolls over', [0n, registerWrapE4 - 100n, 0n, 0n], [0n, 300n, 0n, 0n], [200n, 0n, 200n, 0n, 0n]],
    [
      'last value before the rollover',
      [0n, registerWrapE4 - 1n, 0n, 0n],
      [0n, 0n, 0n, 0n],
      [9_999_999_900n, 0n, 9_999_999_900n, 0n, 0n],
    ],
  ]
  for (const [what, touE4, drawn, expected] of cases) {
    const { totalE4, touE4: shown } = registersAt(drawnAt(later, drawn), { installedAt, touE4 }, later)
    t.same([totalE4, ...shown], expected, what)
  }
})

function drawnAt(instant: number, drawn: TouEnergiesE4): SuppliedEnergy {
  const before: TouEnergiesE4 = [7n, 70n, 700n, 7000n]
  const add = ([a, b, c, d]: TouEnergiesE4): TouEnergiesE4 => [a + 7n, b + 70n, c + 700n, d + 7000n]
  return { upTo: (asked) => (asked === instant ? add(drawn) : before) }
}
