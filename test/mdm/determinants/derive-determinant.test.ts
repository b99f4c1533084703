import t from 'tap'
import { deriveDeterminant } from '../../../mdm/determinants/derive-determinant.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import type { SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight, registers } from '../support/small-utility.js'
import { boundaryOf, nothingElse, wholeJuly } from './support.js'

const period = { periodStart: midnight(1), periodEnd: midnight(32) }

const boundary = (day: number, hundredths: number) =>
  boundaryOf({ readAt: midnight(day), registers: registers(hundredths) })

t.test('a month is the sum of its segments, or a hold that says why', (t) => {
  const half = midnight(16)
  const first = wholeJuly({ endAt: half, end: boundary(16, 150_00) })
  const second = wholeJuly({ startAt: half, start: boundary(16, 150_00) })
  const cases: readonly [string, readonly SegmentRow[], string][] = [
    ['one segment', [wholeJuly()], '200'],
    ['two segments', [first, second], '200'],
    ['a register that fell', [wholeJuly({ end: boundary(32, 99_00) })], 'register_decreased'],
    ['no meter at first', [second], 'installation_gap'],
    ['two agreements', [first, { ...second, agreementFrom: half }], 'several_agreements'],
    ['another multiplier', [first, { ...second, multiplier: 3 }], 'new_multiplier'],
  ]
  for (const [title, rows, expected] of cases) {
    const derived = deriveDeterminant(rows, period, defaultDeterminantPolicy, nothingElse)
    t.equal(derived.ok ? String(derived.value.energiesE4[0] / 10_000n) : derived.error.kind, expected, title)
  }
  t.end()
})

t.test('story 5: a lower value inside or shortly after the month holds the account', (t) => {
  const cases: readonly [string, bigint, number, boolean][] = [
    ['at the start, which is then held itself', 1n, midnight(1), false],
    ['inside', 1n, midnight(2), true],
    ['four days after the end', 1n, midnight(36), true],
    ['five days after the end', 1n, midnight(37), false],
    ['of another meter', 2n, midnight(2), false],
  ]
  for (const [title, meterId, readAt, expected] of cases) {
    const doubts = new Map([[meterId, [{ readAt, rules: ['decrease'] }]]])
    const derived = deriveDeterminant([wholeJuly()], period, defaultDeterminantPolicy, { ...nothingElse, doubts })
    t.equal(!derived.ok && derived.error.kind === 'contradicted', expected, title)
  }
  t.end()
})

t.test('an agreement that ends inside the period is settled as a transfer, to its own end', (t) => {
  const half = midnight(16)
  const ended = wholeJuly({ agreementTo: half, endAt: half, end: boundary(16, 150_00) })
  const begun = wholeJuly({ agreementFrom: half, startAt: half, start: boundary(16, 150_00) })
  const settle = (row: SegmentRow): unknown => {
    const derived = deriveDeterminant([row], period, defaultDeterminantPolicy, nothingElse)
    return derived.ok
      ? [derived.value.settlementKind, derived.value.periodStart, derived.value.periodEnd]
      : derived.error
  }
  t.same(settle(ended), ['transfer', midnight(1), half])
  t.same(settle(begun), ['regular', half, midnight(32)])
  t.same(settle(wholeJuly({ agreementTo: midnight(32) })), ['regular', midnight(1), midnight(32)])
  t.end()
})
