import t from 'tap'
import { secondMs } from '../../../domain/time.js'
import { correctClock } from '../../../headend/orders/correct-clock.js'

const table: readonly (readonly [
  offsetS: number,
  uncertaintyS: number,
  sameDay: boolean,
  result: string,
  mostStepS?: number,
])[] = [
  [0, 1, true, 'none'],
  [60, 0, true, 'none'],
  [61, 0, true, 'broadcast'],
  [61, 1, true, 'none'],
  [-61, 0, true, 'broadcast'],
  [240, 0, true, 'broadcast'],
  [240, 1, true, 'order', 271],
  [-241, 0, true, 'order', 271],
  [3600, 2, true, 'order', 3632],
  // Minutes apart, and a midnight between: no broadcast across days.
  [120, 1, false, 'order', 151],
  [-820_000_000, 1, false, 'order', 820_000_031],
]

for (const [offsetS, uncertaintyS, sameDay, result, mostStepSeconds] of table) {
  t.test(`${offsetS} s ± ${uncertaintyS} s${sameDay ? '' : ' on another day'}: ${result}`, async (t) => {
    const shown = { offsetMs: offsetS * secondMs, uncertaintyMs: uncertaintyS * secondMs }
    const act = { kind: 'set_clock', item: '0400010C', mostStepSeconds, acrossDays: !sameDay }
    t.same(correctClock(shown, sameDay), result === 'order' ? { kind: 'order', act } : { kind: result })
  })
}
