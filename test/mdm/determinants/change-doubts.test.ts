import t from 'tap'
import { changeDoubts } from '../../../mdm/determinants/change-doubts.js'
import type { MeasuredSegment } from '../../../mdm/determinants/measure-segment.js'
import { measureSegment } from '../../../mdm/determinants/measure-segment.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { midnight, registers } from '../support/small-utility.js'
import { boundaryOf, nothingElse, wholeJuly } from './support.js'

const half = midnight(16)

/** 75 kWh on an old meter, then so many on a new one with a multiplier of its own; both halves are noted. */
function exchanged(kwh: number, multiplier = 1): readonly MeasuredSegment[] {
  const note = boundaryOf({ readAt: half, source: 'exchange', registers: registers(175_00) })
  const rows = [
    wholeJuly({ endAt: half, end: note, multiplier: 1 }),
    wholeJuly({
      startAt: half,
      start: note,
      multiplier,
      end: boundaryOf({ readAt: midnight(32), registers: registers(175_00 + kwh * 100) }),
    }),
  ]
  return rows.flatMap((row) => {
    const measured = measureSegment(row, defaultDeterminantPolicy, nothingElse)
    return measured.ok ? [measured.value] : []
  })
}

t.test('after a change usage goes on about as before, and somebody looks at another multiplier', (t) => {
  const cases: readonly [string, readonly MeasuredSegment[], number | null, readonly string[]][] = [
    ['as before', exchanged(80), null, []],
    ['much more', exchanged(800), null, ['usage_unlike_history']],
    ['another multiplier', exchanged(40, 2), null, ['new_multiplier']],
    ['another multiplier that shows', exchanged(80, 20), null, ['new_multiplier', 'usage_unlike_history']],
    ['a jump four days after the period', exchanged(80), midnight(36), ['usage_unlike_history']],
    ['a jump five days after it', exchanged(80), midnight(37), []],
    ['a jump inside, which is looked at elsewhere', exchanged(80), midnight(20), []],
  ]
  for (const [title, measured, jumpedAt, expected] of cases) {
    const jumps = new Map(jumpedAt === null ? [] : [[1n, [{ readAt: jumpedAt, rules: ['jump'] }]]])
    const doubts = [...changeDoubts(measured, defaultDeterminantPolicy, { jumps })]
    t.same(
      doubts.map(({ kind }) => kind),
      expected,
      title,
    )
  }
  t.end()
})
