import t from 'tap'
import { usualPerDay } from '../../../mdm/exceptions/usual-per-day.js'
import { dayMs } from '../../../domain/time.js'
import type { HistoryRow } from '../../../storage/mdm/exception-evidence.js'

function rows(...totals: readonly (readonly [day: number, kwh: number, verdict?: HistoryRow['verdict']])[]) {
  return totals.map(([day, kwh, verdict = 'accepted']) => ({
    readAt: day * dayMs,
    totalE4: BigInt(kwh * 10_000),
    verdict,
    rules: [],
    decidedBy: null,
  }))
}

const table = [
  ['the middle of real days', rows([1, 0], [2, 10], [3, 19], [4, 5000]), 10_0000n],
  ['days apart count by the day', rows([1, 0], [3, 20], [4, 30], [5, 40]), 10_0000n],
  ['held and estimated values are left out', rows([1, 0], [2, 10], [3, 99, 'held'], [4, 30], [5, 40]), 10_0000n],
  ['a fall is no usage', rows([1, 50], [2, 10], [3, 20], [4, 30]), null],
  ['too little is no habit', rows([1, 0], [2, 10], [3, 20]), null],
  ['nothing', rows(), null],
] as const

for (const [why, history, expected] of table)
  t.test(why, async (t) => {
    t.equal(usualPerDay(history), expected)
  })
