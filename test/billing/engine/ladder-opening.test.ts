import t from 'tap'
import { dayNumber } from '../../../billing/engine/calendar-days.js'
import { ladderOpening } from '../../../billing/engine/ladder-opening.js'
import { rememberDays } from '../../../billing/engine/local-days.js'
import { beijing } from '../../../domain/time.js'

const july = beijing.startOfDay('2026-07-01')
const usage = { periodStart: july, ladderFrom: '2026-01-01', bill: unknown(), opening: unknown() }
const bill = { at: july, ladderE4: 7 }
const opening = { at: july, ladderE4: 5 }

function unknown() {
  return { at: Number.NaN, ladderE4: Number.NaN }
}

function columnsOf(one: typeof usage) {
  return {
    periodStart: Float64Array.of(0, one.periodStart),
    ladderFromDay: Int32Array.of(0, dayNumber(one.ladderFrom)),
    lastBillEnd: Float64Array.of(0, one.bill.at),
    lastBillLadderE4: Float64Array.of(0, one.bill.ladderE4),
    openingAsOf: Float64Array.of(0, one.opening.at),
    openingLadderE4: Float64Array.of(0, one.opening.ladderE4),
  }
}

t.test('continues the ladder where it is known to stand, and nowhere else', async (t) => {
  const january = { periodStart: beijing.startOfDay('2026-01-01') }
  const table = [
    ['nothing on record', {}, Number.NaN],
    ['the opening state at the start', { opening }, 5],
    ['an opening state of another day', { opening: { ...opening, at: july - 1 } }, Number.NaN],
    ['the last bill before the opening state', { opening, bill }, 7],
    ['a bill missing in between', { opening, bill: { ...bill, at: july - 1 } }, Number.NaN],
    ['months counted from inside the period', { ladderFrom: '2026-07-18', bill }, 0],
    ['months counted from the first day of the period', { ladderFrom: '2026-07-01' }, 0],
    ['months counted from before the period, no bill since', { ladderFrom: '2026-06-20' }, Number.NaN],
    ['a new ladder year', { ...january, bill }, 0],
    ['the second day of a ladder year', { periodStart: beijing.startOfDay('2026-01-02'), bill }, Number.NaN],
  ] as const
  const days = rememberDays(beijing)
  for (const [name, changes, expected] of table)
    t.same(ladderOpening(columnsOf({ ...usage, ...changes }), 1, days), expected, name)
})
