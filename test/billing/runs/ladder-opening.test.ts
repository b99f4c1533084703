import t from 'tap'
import { ladderOpening } from '../../../billing/runs/ladder-opening.js'
import { beijing } from '../../../domain/time.js'
import type { AccountUsage } from '../../../storage/billing/segment-usages.js'

const july = beijing.startOfDay('2026-07-01')
const usage: AccountUsage = {
  accountId: 1n,
  tariffCode: 'sd-residential',
  settlementKind: 'regular',
  periodStart: july,
  periodEnd: beijing.startOfDay('2026-08-01'),
  ladderFrom: '2026-01-01',
  energyE4: 0n,
  touE4: [0n, 0n, 0n, 0n],
  estimated: false,
  lastBill: null,
  opening: null,
}
const bill = { periodEnd: july, ladderEnergyE4: 7n }
const opening = { asOf: july, ladderEnergyE4: 5n }

t.test('continues the ladder where it is known to stand, and nowhere else', async (t) => {
  const january = { periodStart: beijing.startOfDay('2026-01-01'), periodEnd: beijing.startOfDay('2026-02-01') }
  const table = [
    ['nothing on record', {}, null],
    ['the opening state at the start', { opening }, 5n],
    ['an opening state of another day', { opening: { ...opening, asOf: july - 1 } }, null],
    ['the last bill before the opening state', { opening, lastBill: bill }, 7n],
    ['a bill missing in between', { lastBill: { ...bill, periodEnd: july - 1 } }, null],
    ['months counted from inside the period', { ladderFrom: '2026-07-18', lastBill: bill }, 0n],
    ['months counted from the first day of the period', { ladderFrom: '2026-07-01' }, 0n],
    ['months counted from before the period, no bill since', { ladderFrom: '2026-06-20' }, null],
    ['a new ladder year', { ...january, lastBill: bill }, 0n],
  ] as const
  for (const [name, changes, expected] of table)
    t.equal(ladderOpening({ ...usage, ...changes }, beijing), expected, name)
})
