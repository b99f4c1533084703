import t from 'tap'
import { cutOffOf, defaultReadLadder } from '../../../domain/read-ladder.js'
import { beijing, dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { ladderStep, type OnLadder } from '../../../headend/accounting/ladder-step.js'

const dueAt = beijing.startOfDay('2026-07-10')
const cutOff = beijing.startOfDay('2026-08-01') + defaultReadLadder.cutOffMs
const fresh: OnLadder = { dueAt, remote: true, failedWindows: 0, memoryGone: false, held: false, fieldOrder: null }
const order = { dueAt: dueAt + 3 * dayMs, outcome: null }

t.test('an open point climbs the ladder with its age and its failed windows', async (t) => {
  const cases: readonly [what: string, point: Partial<OnLadder>, age: number, step: string, deadline: Instant][] = [
    ['just due', {}, 0, 'retry', dueAt + 6 * hourMs],
    ['in its window', { failedWindows: 1 }, 6 * hourMs - 1, 'retry', dueAt + 6 * hourMs],
    ['after its window', { failedWindows: 1 }, 6 * hourMs, 'back_fill', dueAt + 30 * hourMs],
    ['after the next window', { failedWindows: 1 }, 30 * hourMs, 'on_demand', dueAt + 36 * hourMs],
    ['remote steps spent by windows', { failedWindows: 2 }, 29 * hourMs, 'field_order', dueAt + 3 * dayMs],
    ['remote steps spent by age', {}, 36 * hourMs, 'field_order', dueAt + 3 * dayMs],
    ['a person is on the way', { fieldOrder: order }, 5 * dayMs, 'field_order', order.dueAt],
    ['a person came in vain', { fieldOrder: { ...order, outcome: 'not_accessible' } }, 2 * dayMs, 'estimate', cutOff],
    ['no memory holds it', { memoryGone: true }, 2 * dayMs, 'estimate', cutOff],
    ['read, and in doubt', { held: true, fieldOrder: order }, hourMs, 'decide', cutOff],
    ['old', {}, 3 * dayMs, 'estimate', cutOff],
    ['only a person can note it', { remote: false }, hourMs, 'field_order', dueAt + dayMs],
    ['an order past the cut-off', { fieldOrder: order }, cutOff - dueAt, 'estimate', cutOff],
  ]
  for (const [what, point, age, step, deadline] of cases)
    t.same(ladderStep({ ...fresh, ...point }, defaultReadLadder, beijing, dueAt + age), { step, deadline }, what)
})

t.test('no deadline lies behind the cut-off of the period', async (t) => {
  const last = beijing.startOfDay('2026-08-01')
  const ladder = { ...defaultReadLadder, cutOffMs: 4 * hourMs }
  t.same(ladderStep({ ...fresh, dueAt: last }, ladder, beijing, last), { step: 'retry', deadline: last + 4 * hourMs })
})

t.test('the midnight that opens a month belongs to the month it closes', async (t) => {
  const cases = [
    ['2026-07-01', '2026-07-01'],
    ['2026-07-02', '2026-08-01'],
    ['2026-12-31', '2027-01-01'],
    ['2027-01-01', '2027-01-01'],
    ['2028-02-29', '2028-03-01'],
  ] as const
  for (const [day, end] of cases)
    t.equal(
      cutOffOf(beijing.startOfDay(day), beijing, defaultReadLadder),
      beijing.startOfDay(end) + defaultReadLadder.cutOffMs,
      day,
    )
})
