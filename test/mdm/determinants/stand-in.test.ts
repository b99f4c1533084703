import t from 'tap'
import type { DeterminantQuantity } from '../../../mdm/determinants/quantity.js'
import { toQuantityRow } from '../../../mdm/determinants/quantity-row.js'
import { standIn } from '../../../mdm/determinants/stand-in.js'

const hold = { kind: 'tou_tables_differ', detail: 'meter 1 counts tou4', ratesFromCurves: true } as const
const common = { unit: 'kWh', moment: null, otherPointId: null, basis: '', links: [] } as const
const energy: DeterminantQuantity = { ...common, quantity: 'active_energy', value: [1n, 0n, 0n, 0n, 0n] }
const days: DeterminantQuantity = { ...common, quantity: 'interval_days', value: [1n, null, null, null, null] }

t.test('interval days stand in for registers where they are complete', (t) => {
  const found = standIn([energy, days], hold)
  const insteadOf = 'tou_tables_differ: meter 1 counts tou4'
  t.same(found, { ok: true, value: [energy, { ...days, insteadOf }] })
  const determinant = { accountId: 1n, usagePointId: 1n } as Parameters<typeof toQuantityRow>[1]
  t.match(toQuantityRow(1n, determinant, { ...days, insteadOf }), { instead_of: insteadOf })
  t.notOk('instead_of' in toQuantityRow(1n, determinant, days), 'a row of other days is as it always was')
  t.end()
})

t.test('the hold says why none can', (t) => {
  const cases = [
    ['no curve', [energy], 'meter 1 counts tou4; its meter has no interval days to stand in'],
    [
      'a curve with a gap',
      [energy, { ...days, value: { missing: 'no interval day covers it' } }],
      'meter 1 counts tou4; its interval days cannot stand in: no interval day covers it',
    ],
  ] as const
  for (const [title, quantities, detail] of cases)
    t.same(standIn(quantities, hold), { ok: false, error: { kind: 'tou_tables_differ', detail } }, title)
  t.end()
})
