import t from 'tap'
import { powerFactorInputs } from '../../../mdm/determinants/power-factor.js'
import type { DeterminantQuantity, QuantityName } from '../../../mdm/determinants/quantity.js'

function quantity(name: QuantityName, value: bigint | null): DeterminantQuantity {
  return {
    quantity: name,
    unit: 'kWh',
    value: value === null ? { missing: 'held' } : [value, null, null, null, null],
    moment: null,
    otherPointId: null,
    basis: '',
    links: [],
  }
}

t.test('active and reactive energy with losses; quadrants I and IV before the sides', (t) => {
  const active = quantity('active_energy', 100n)
  const quadrants = [quantity('reactive_quadrant1', 30n), quantity('reactive_quadrant4', 5n)]
  const sides = [quantity('reactive_forward', 40n), quantity('reactive_reverse', 2n)]
  const cases: readonly [string, readonly DeterminantQuantity[], boolean, readonly (bigint | null)[]][] = [
    ['quadrants', [active, ...quadrants, ...sides], false, [100n, 35n]],
    ['sides', [active, ...sides], false, [100n, 42n]],
    ['sides tell nothing where energy is fed in', [active, ...sides], true, []],
    ['combined registers are never taken', [active, quantity('reactive_combined1', 9n)], false, []],
    [
      'with losses',
      [active, ...quadrants, quantity('loss_active', 7n), quantity('loss_reactive', 3n)],
      false,
      [107n, 38n],
    ],
    [
      'capacitive energy counts as much',
      [active, quantity('reactive_quadrant1', 30n), quantity('reactive_quadrant4', -5n)],
      false,
      [100n, 35n],
    ],
    ['a loss that is not known', [active, ...quadrants, quantity('loss_active', null)], false, [null, 35n]],
    ['no reactive energy', [active], false, []],
  ]
  for (const [title, quantities, feedsIn, expected] of cases) {
    const inputs = powerFactorInputs(quantities, feedsIn)
    t.same(
      inputs.map(({ value }) => ('missing' in value ? null : value[0])),
      expected,
      title,
    )
  }
  t.end()
})
