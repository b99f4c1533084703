import t from 'tap'
import { allocate } from '../../../billing/cash/allocate.js'

t.test('clears the oldest receivables first', async (t) => {
  const open = [
    { segmentId: 1n, ordinal: 4, openFen: 100n },
    { segmentId: 2n, ordinal: 0, openFen: 50n },
  ]
  const table = [
    [40n, [40n], 0n],
    [100n, [100n], 0n],
    [101n, [100n, 1n], 0n],
    [150n, [100n, 50n], 0n],
    [151n, [100n, 50n], 1n],
  ] as const
  for (const [amountFen, parts, restFen] of table) {
    const result = allocate(amountFen, open)
    t.same(
      result.allocations.map((allocation) => allocation.amountFen),
      parts,
      String(amountFen),
    )
    t.equal(result.restFen, restFen)
  }
  t.same(allocate(5n, []), { allocations: [], restFen: 5n })
})
