import t from 'tap'
import { doubtsQuantity, registryHolds } from '../../../mdm/determinants/registry-holds.js'

t.test('the first fault of an account holds it', (t) => {
  const holds = registryHolds([
    { accountId: 1n, code: 'address_twice', object: 'meter-1' },
    { accountId: 1n, code: 'no_contract_capacity', object: 'tariff' },
    { accountId: 2n, code: 'parent_without_meter', object: 'point-9' },
  ])
  t.match(
    [...holds],
    [
      [1n, { kind: 'address_twice', detail: /meter-1/ }],
      [2n, { kind: 'parent_without_meter', detail: /point-9/ }],
    ],
  )
  t.equal(holds.size, 2)
  t.end()
})

t.test('a missing capacity holds one account; a quantity that may be another one’s holds all who depend on it', (t) => {
  const doubts = (kind: 'no_contract_capacity' | 'address_twice' | 'parent_without_meter') =>
    doubtsQuantity({ kind, detail: '' })
  t.same([doubts('no_contract_capacity'), doubts('address_twice'), doubts('parent_without_meter')], [false, true, true])
  t.end()
})
