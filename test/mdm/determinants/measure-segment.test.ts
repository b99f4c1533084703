import t from 'tap'
import { measureSegment } from '../../../mdm/determinants/measure-segment.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import type { BoundaryRow, SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight, registers } from '../support/small-utility.js'
import { boundaryOf, nothingElse, turnoverFrom, wholeJuly } from './support.js'

t.test('a segment is the difference of its ends times the multiplier, or a hold that says why', (t) => {
  const lone = { totalE4: 1n, touE4: [null, null, null, null] } as const
  const ending = (part: Partial<BoundaryRow>) => wholeJuly({ end: boundaryOf({ readAt: midnight(32), ...part }) })
  const cases: readonly [string, SegmentRow, string][] = [
    ['a month', wholeJuly(), '200'],
    ['another multiplier', wholeJuly({ multiplier: 30 }), '3000'],
    ['a turnover', turnoverFrom(999_990n), '40'],
    ['a turnover that the month has no time for', turnoverFrom(940_000n), 'register_decreased'],
    ['a register that fell', ending({ registers: registers(99_00) }), 'register_decreased'],
    ['no reading', wholeJuly({ end: null }), 'boundary_missing'],
    ['a held reading', ending({ verdict: 'held', registers: null }), 'boundary_held'],
    ['an estimate', wholeJuly({ start: boundaryOf({ verdict: 'estimated' }) }), 'boundary_estimated'],
    ['registers at one end only', wholeJuly({ start: boundaryOf({ registers: lone }) }), 'registers_differ'],
  ]
  for (const [title, row, expected] of cases) {
    const measured = measureSegment(row, defaultDeterminantPolicy, nothingElse)
    t.equal(measured.ok ? String(measured.value.energiesE4[0] / 10_000n) : measured.error.kind, expected, title)
  }
  t.end()
})

t.test('a display turns over by more than a tenth of its range only where a day of it was seen to', (t) => {
  const small = { meterId: 1n, model: 'm', registerDigits: 4, registerDecimals: 2 }
  const row = { ...turnoverFrom(5_000n), meter: small }
  const measure = (at: number) => {
    const turnovers = new Map([[1n, [{ readAt: at }]]])
    return measureSegment(row, defaultDeterminantPolicy, { ...nothingElse, turnovers })
  }
  const seen = measure(midnight(20))
  t.equal(seen.ok && seen.value.energiesE4[0], 10_020_0000n)
  t.match(measure(midnight(1)), { error: { kind: 'register_decreased' } }, 'before the month')
  t.end()
})
