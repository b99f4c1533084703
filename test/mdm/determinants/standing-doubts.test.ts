import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { contradictionOf } from '../../../mdm/determinants/standing-doubts.js'
import type { SegmentRow } from '../../../storage/mdm/determinants.js'
import { midnight } from '../support/small-utility.js'

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
    ['a value of another kind of doubt', 'live_tolerance', midnight(2), false],
  ]
  for (const [title, rule, readAt, expected] of cases) {
    const doubts = new Map([[1n, [{ readAt, rules: [rule] }]]])
    t.equal(contradictionOf(july, defaultDeterminantPolicy, doubts) !== null, expected, title)
  }
  t.equal(contradictionOf({ ...july, meter: null }, defaultDeterminantPolicy, new Map()), null, 'no meter')
  t.end()
})
