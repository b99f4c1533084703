import t from 'tap'
import { packedWithin, unpackUsages } from '../../../storage/billing/packed-usages.js'
import { packedUsages } from '../../billing/engine/packed-usages.js'

const usages = ['one', 'two', 'one', 'three', 'two'].map((tariffCode, index) => ({
  tariffCode,
  settlementKind: index === 3 ? ('transfer' as const) : ('regular' as const),
  periodFrom: '2026-07-01',
  periodTo: '2026-08-01',
  ladderFrom: '2026-01-01',
  ladderOpeningE4: index === 1 ? null : 1000n * BigInt(index),
  energyE4: BigInt(index) + 7n,
  touE4: [1n, 2n, 3n, BigInt(index)] as const,
}))

/** What is packed, an account a line. */
function accountsOf(bytes: Uint8Array<ArrayBuffer>): readonly string[] {
  const { count, tariffCodes, ...columns } = unpackUsages(bytes)
  const each = Object.values(columns).filter((column) => column !== columns.tariff)
  return Array.from({ length: count }, (_, row) => {
    const numbers = each.flatMap((column) => [
      ...column.subarray((column.length / count) * row, (column.length / count) * (row + 1)),
    ])
    return [tariffCodes[columns.tariff[row] ?? -1], ...numbers].join(' ')
  })
}

t.test('a part of packed usages is what the whole says of its accounts', async (t) => {
  const whole = packedUsages(usages)
  const all = accountsOf(whole)
  t.equal(all.length, 5)
  t.match(all[3], /^three 4 .* 10 1 2 3 3 /)
  const cases = [
    ['all', 1n, 5n, [0, 5]],
    ['more than all', 0n, 99n, [0, 5]],
    ['the first', 1n, 2n, [0, 2]],
    ['the middle', 2n, 4n, [1, 4]],
    ['the last', 5n, 9n, [4, 5]],
  ] as const
  for (const [title, first, last, [from, to]] of cases)
    t.same(accountsOf(packedWithin(whole, { first, last })), all.slice(from, to), title)
  t.equal(packedWithin(whole, { first: 1n, last: 5n }), whole, 'of all nothing is copied')
})
