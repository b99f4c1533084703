import t from 'tap'
import { dayMs, minuteMs } from '../../../domain/time.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { contradictionOf } from '../../../mdm/determinants/standing-doubts.js'
import type { SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight } from '../support/small-utility.js'
import { boundaryOf } from './support.js'

const nothing = { doubts: new Map(), turnovers: new Map(), jumps: new Map() }

const july: SegmentRow = {
  accountId: 1n,
  usagePointId: 1n,
  tariffCode: 'tariff',
  ladderFrom: '2026-01-01',
  agreementFrom: midnight(-10),
  agreementTo: null,
  startAt: midnight(1),
  endAt: midnight(32),
  meter: { meterId: 1n, model: 'm', registerDigits: 6, registerDecimals: 2 },
  multiplier: 1,
  start: null,
  end: null,
}

t.test('what is held inside a month or next to its ends throws doubt on it', (t) => {
  const cases: readonly [string, string, number, boolean][] = [
    ['a lower value inside', 'decrease', midnight(15), true],
    ['a lower value at the start, which is held itself', 'decrease', midnight(1), false],
    ['a lower value before it', 'decrease', midnight(0), false],
    ['a lower value four days after the end', 'decrease', midnight(36), true],
    ['a lower value five days after the end', 'decrease', midnight(37), false],
    ['several values in the middle', 'disputed', midnight(15), false],
    ['several values two days before the start', 'disputed', midnight(1) - 2 * dayMs, true],
    ['several values two days after the start', 'disputed', midnight(3), true],
    ['several values two days before the end', 'disputed', midnight(30), true],
    ['several values five days after the end', 'disputed', midnight(37), false],
    ["another meter's value inside", 'swapped_pair', midnight(15), true],
    ["another meter's value two months later", 'swapped_pair', midnight(60), false],
    ['another unit inside, and the old one again', 'unit_slip', midnight(15), false],
    ['another unit at the end, which is held itself', 'unit_slip', midnight(32), false],
    ['another unit four days after the end', 'unit_slip', midnight(36), true],
    ['another unit five days after the end', 'unit_slip', midnight(37), false],
    ['a value of another kind of doubt', 'live_tolerance', midnight(2), false],
  ]
  for (const [title, rule, readAt, expected] of cases) {
    const doubts = new Map([[1n, [{ readAt, rules: [rule] }]]])
    t.equal(contradictionOf(july, defaultDeterminantPolicy, { ...nothing, doubts }) !== null, expected, title)
  }
  t.equal(contradictionOf({ ...july, meter: null }, defaultDeterminantPolicy, nothing), null, 'no meter')
  t.end()
})

t.test('several values that the meter before it left next to the start throw doubt on a month, too', (t) => {
  const before = { ...july, meterBefore: { meterId: 2n, until: midnight(0) } }
  const cases: readonly [string, SegmentRow, string, number, boolean][] = [
    ['two days before the start', before, 'disputed', midnight(-1), true],
    ['five days before the start', before, 'disputed', midnight(-4), false],
    ['something else', before, 'spike', midnight(-1), false],
    ['next to the end', before, 'disputed', midnight(31), false],
    ['of a meter that did not hang here', july, 'disputed', midnight(-1), false],
  ]
  for (const [title, row, rule, readAt, expected] of cases) {
    const doubts = new Map([[2n, [{ readAt, rules: [rule] }]]])
    t.equal(contradictionOf(row, defaultDeterminantPolicy, { ...nothing, doubts }) !== null, expected, title)
  }
  t.end()
})

t.test('a value beyond the limit that the register goes on from is not billed because time has passed', (t) => {
  const cases: readonly [string, readonly number[], readonly number[], boolean][] = [
    ['one alone', [10], [], false],
    ['two', [10, 11], [], false],
    ['three', [10, 11, 12], [], true],
    ['one, and a jump after it', [10], [11], true],
    ['one, and a jump before it', [10], [9], false],
    ['one, and a jump of the next month', [10], [34], false],
    ['three of the next month', [33, 34, 35], [], false],
    ['one right before the month, and a jump at its start', [0], [1], true],
  ]
  for (const [title, spikes, jumped, expected] of cases) {
    const doubts = new Map([[1n, spikes.map((day) => ({ readAt: midnight(day), rules: ['spike'] }))]])
    const jumps = new Map([[1n, jumped.map((day) => ({ readAt: midnight(day), rules: ['jump'] }))]])
    t.equal(contradictionOf(july, defaultDeterminantPolicy, { ...nothing, doubts, jumps }) !== null, expected, title)
  }
  t.end()
})

t.test('story 6: a register that turned over on a day on which usage jumped is not believed', (t) => {
  const on = (day: number) => new Map([[1n, [{ readAt: midnight(day), rules: ['jump'] }]]])
  const of = (turned: number, jumped: number) =>
    contradictionOf(july, defaultDeterminantPolicy, { ...nothing, turnovers: on(turned), jumps: on(jumped) })
  t.equal(of(15, 16), null)
  t.match(of(15, 15), /turned over/)
  t.match(of(1, 1), /turned over/, 'at the start')
  t.equal(of(34, 34), null, 'in the next month')
  t.end()
})

t.test('a live read that serves the end is looked at, too, although it comes after it', (t) => {
  const readAt = midnight(32) + 10 * minuteMs
  const on = new Map([[1n, [{ readAt, rules: ['jump'] }]]])
  const of = (row: SegmentRow) =>
    contradictionOf(row, defaultDeterminantPolicy, { ...nothing, turnovers: on, jumps: on })
  t.equal(of(july), null)
  t.match(of({ ...july, end: boundaryOf({ readAt, source: 'live' }) }), /turned over/)
  t.end()
})

t.test('a turnover that was held and comes nearer to zero is no better', (t) => {
  const cases: readonly [string, readonly [day: number, rules: readonly string[]], number, boolean][] = [
    ['held the day before', [14, ['unit_slip', 'rollover']], 15, true],
    ['held four days before', [11, ['unit_slip', 'rollover']], 15, true],
    ['held five days before', [10, ['unit_slip', 'rollover']], 15, false],
    ['held the day after', [16, ['unit_slip', 'rollover']], 15, false],
    ['held for something else', [14, ['spike']], 15, false],
    ['several values claimed', [14, ['disputed', 'rollover']], 15, false],
    ['turned over in the next month', [33, ['unit_slip', 'rollover']], 34, false],
  ]
  for (const [title, [day, rules], turned, expected] of cases) {
    const doubts = new Map([[1n, [{ readAt: midnight(day), rules }]]])
    const turnovers = new Map([[1n, [{ readAt: midnight(turned) }]]])
    const said = contradictionOf(july, defaultDeterminantPolicy, { ...nothing, doubts, turnovers })
    t.equal(said !== null, expected, title)
  }
  t.end()
})

t.test('a leap that was held and is possible once days have passed is no better', (t) => {
  const cases: readonly [string, readonly [day: number, rule: string], number, boolean][] = [
    ['the register itself, held the day before', [14, 'near_absolute'], 15, true],
    ['another unit, held four days before', [11, 'unit_slip'], 15, true],
    ['held five days before', [10, 'near_absolute'], 15, false],
    ['held the day after', [16, 'near_absolute'], 15, false],
    ['held for something else', [14, 'live_tolerance'], 15, false],
    ['before the month', [-1, 'near_absolute'], 0, false],
    ['in the next month', [33, 'near_absolute'], 34, false],
  ]
  for (const [title, [day, rule], jumped, expected] of cases) {
    const doubts = new Map([[1n, [{ readAt: midnight(day), rules: [rule] }]]])
    const jumps = new Map([[1n, [{ readAt: midnight(jumped), rules: ['above_fullest'] }]]])
    const said = contradictionOf(july, defaultDeterminantPolicy, { ...nothing, doubts, jumps })
    t.equal(said !== null, expected, title)
  }
  t.end()
})

t.test('of a new meter one value beyond the limit is enough', (t) => {
  const doubts = new Map([[1n, [{ readAt: midnight(10), rules: ['spike'] }]]])
  const of = (source: 'exchange' | 'scheduled') =>
    contradictionOf({ ...july, start: boundaryOf({ source }) }, defaultDeterminantPolicy, { ...nothing, doubts })
  t.match(of('exchange'), /beyond the limit/)
  t.equal(of('scheduled'), null)
  t.end()
})
