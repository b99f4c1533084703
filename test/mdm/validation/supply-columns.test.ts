import t from 'tap'
import { createSupplyColumns } from '../../../mdm/validation/supply-columns.js'
import type { SupplyRow } from '../../../storage/mdm/validation-shard.js'

const home: SupplyRow['value'] = {
  areaId: 7n,
  installedAt: 10,
  multiplier: 1n,
  usageClass: 'residential',
  contractCapacityKva: null,
  exportAgreed: false,
}
const plant: SupplyRow['value'] = {
  areaId: -1n,
  installedAt: 20,
  multiplier: 4000n,
  usageClass: 'large_industrial',
  contractCapacityKva: 630n,
  exportAgreed: true,
}

const segmentOf = ({ from, to, value }: SupplyRow) => ({ from, to, value })

t.test('supplies come back as they went in, for each meter its own', async (t) => {
  const columns = createSupplyColumns()
  const rows: readonly SupplyRow[] = [
    { meterId: 3n, from: 10, to: 20, value: home },
    { meterId: 3n, from: 20, to: null, value: plant },
    { meterId: 5n, from: 0, to: null, value: { ...home, usageClass: 'agricultural' } },
  ]
  for (const row of rows) columns.add(row)
  const table: readonly (readonly [meterId: bigint, expected: readonly object[]])[] = [
    [3n, rows.slice(0, 2).map(segmentOf)],
    [5n, rows.slice(2).map(segmentOf)],
    [2n, []],
    [4n, []],
    [6n, []],
  ]
  for (const [meterId, expected] of table) t.same(columns.of(meterId), expected, String(meterId))
})

t.test('more meters than there was room for are all found', async (t) => {
  const columns = createSupplyColumns()
  const many = 70_000
  for (let meter = 0; meter < many; meter++) columns.add({ meterId: BigInt(meter), from: meter, to: null, value: home })
  for (const meter of [0, 65_535, 65_536, many - 1])
    t.same(columns.of(BigInt(meter)), [{ from: meter, to: null, value: home }], String(meter))
  t.same(columns.of(BigInt(many)), [], 'room that is not filled is nobody')
})
