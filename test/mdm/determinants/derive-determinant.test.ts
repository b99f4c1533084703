import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { deriveDeterminant } from '../../../mdm/determinants/derive-determinant.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import type { BoundaryRow, SegmentRow } from '../../../storage/mdm/determinants.js'
import { midnight, registers } from '../support/small-utility.js'

const period = { periodStart: midnight(1), periodEnd: midnight(32) }

/** Nothing was said of it. */
const plain = { source: 'scheduled', rules: [], isDecidedByPerson: false } as const
const nothingElse = { doubts: new Map(), turnovers: new Map(), jumps: new Map(), readings: new Map() }

function boundary(readAt: number, hundredths: number, verdict = 'accepted'): BoundaryRow {
  return { ...plain, readAt, verdict, registers: verdict === 'held' ? null : registers(hundredths) }
}

/** A whole July on one meter with multiplier 2: 100.00 to 200.00 kWh. */
function segment(part: Partial<SegmentRow> = {}): SegmentRow {
  return {
    accountId: 1n,
    usagePointId: 1n,
    tariffCode: 'tariff',
    ladderFrom: '2026-01-01',
    agreementFrom: midnight(-10),
    agreementTo: null,
    startAt: midnight(1),
    endAt: midnight(32),
    meter: { meterId: 1n, model: 'm', registerDigits: 6, registerDecimals: 2 },
    multiplier: 2,
    start: boundary(midnight(1), 100_00),
    end: boundary(midnight(32), 200_00),
    ...part,
  }
}

/** From so many kWh to 10 kWh on a meter without tariff registers. */
function turnover(kwh: bigint): SegmentRow {
  const total = (readAt: number, value: bigint): BoundaryRow => {
    return {
      ...plain,
      readAt,
      verdict: 'accepted',
      registers: { totalE4: value * 10_000n, touE4: [null, null, null, null] },
    }
  }
  return segment({ start: total(midnight(1), kwh), end: total(midnight(32), 10n) })
}

t.test('a month is the difference of its boundaries times the multiplier, or a hold that says why', (t) => {
  const half = midnight(16)
  const first = segment({ endAt: half, end: boundary(half, 150_00) })
  const second = segment({ startAt: half, start: boundary(half, 150_00) })
  const lone = { totalE4: 1n, touE4: [null, null, null, null] } as const
  const cases: readonly [string, readonly SegmentRow[], string][] = [
    ['one segment', [segment()], '200'],
    ['two segments', [first, second], '200'],
    ['a turnover', [turnover(999_990n)], '40'],
    ['a turnover that the month has no time for', [turnover(940_000n)], 'register_decreased'],
    ['a register that fell', [segment({ end: boundary(midnight(32), 99_00) })], 'register_decreased'],
    ['no reading', [segment({ end: null })], 'boundary_missing'],
    ['a held reading', [segment({ end: boundary(midnight(32), 0, 'held') })], 'boundary_held'],
    ['an estimate', [segment({ start: boundary(midnight(1), 100_00, 'estimated') })], 'boundary_estimated'],
    [
      'registers at one end only',
      [segment({ start: { ...boundary(midnight(1), 1), registers: lone } })],
      'registers_differ',
    ],
    ['no meter', [segment({ meter: null })], 'no_installation'],
    ['no multiplier', [segment({ multiplier: null })], 'no_multiplier'],
    ['no meter at first', [second], 'installation_gap'],
    ['no meter at last', [first], 'installation_gap'],
    ['no meter for an hour', [first, { ...second, startAt: half + hourMs }], 'installation_gap'],
    ['two agreements', [first, { ...second, agreementFrom: half }], 'several_agreements'],
    ['another multiplier', [first, { ...second, multiplier: 3 }], 'new_multiplier'],
  ]
  for (const [title, rows, expected] of cases) {
    const derived = deriveDeterminant(rows, period, defaultDeterminantPolicy, nothingElse)
    t.equal(derived.ok ? String(derived.value.energiesE4[0] / 10_000n) : derived.error.kind, expected, title)
  }
  t.end()
})

t.test('a display turns over by more than a tenth of its range only where a day of it was seen to', (t) => {
  const small = { meterId: 1n, model: 'm', registerDigits: 4, registerDecimals: 2 }
  const row = { ...turnover(5_000n), meter: small }
  const derive = (at: number) =>
    deriveDeterminant([row], period, defaultDeterminantPolicy, {
      ...nothingElse,
      turnovers: new Map([[1n, [{ readAt: at }]]]),
    })
  const seen = derive(midnight(20))
  t.equal(seen.ok && seen.value.energiesE4[0], 10_020_0000n)
  t.match(derive(midnight(1)), { error: { kind: 'register_decreased' } }, 'before the month')
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
    const derived = deriveDeterminant([segment()], period, defaultDeterminantPolicy, { ...nothingElse, doubts })
    t.equal(!derived.ok && derived.error.kind === 'contradicted', expected, title)
  }
  t.end()
})

t.test('an agreement that ends inside the period is settled as a transfer, to its own end', (t) => {
  const half = midnight(16)
  const ended = segment({ agreementTo: half, endAt: half, end: boundary(half, 150_00) })
  const begun = segment({ agreementFrom: half, startAt: half, start: boundary(half, 150_00) })
  const settle = (row: SegmentRow): unknown => {
    const derived = deriveDeterminant([row], period, defaultDeterminantPolicy, nothingElse)
    return derived.ok
      ? [derived.value.settlementKind, derived.value.periodStart, derived.value.periodEnd]
      : derived.error
  }
  t.same(settle(ended), ['transfer', midnight(1), half])
  t.same(settle(begun), ['regular', half, midnight(32)])
  t.same(settle(segment({ agreementTo: midnight(32) })), ['regular', midnight(1), midnight(32)])
  t.end()
})
