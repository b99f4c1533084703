import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { noteFits } from '../../../mdm/determinants/note-fits.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import type { BoundaryRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight, registers } from '../support/small-utility.js'
import { rowOf } from './support.js'

const noon = midnight(16) + 12 * hourMs
const usualE4PerDay = 5_0000n

t.test(
  'a note fits when what was counted to the reading beside it is at most two usual days for each day begun',
  (t) => {
    const reading = (day: number, hundredths: number) => [{ readAt: midnight(day), registers: registers(hundredths) }]
    const blank = { registers: registers(0) }
    const turning = { registers: registers(999_999_99) }
    const cases: readonly [string, 'start' | 'end', Partial<BoundaryRow>, ReturnType<typeof reading>, boolean][] = [
      ['an afternoon of two days', 'start', {}, reading(17, 110_00), true],
      ['and what two display steps can hide', 'start', {}, reading(17, 110_02), true],
      ['more than that', 'start', {}, reading(17, 110_03), false],
      ['three days over two', 'start', {}, reading(18, 115_02), true],
      ['more over two', 'start', {}, reading(18, 115_03), false],
      ['a lower reading after the start', 'start', {}, reading(17, 99_00), false],
      ['a reading ten days after the start', 'start', {}, reading(26, 500_00), false],
      ['a reading eleven days after the start', 'start', {}, reading(27, 500_00), true],
      ['a reading before the start', 'start', {}, reading(16, 500_00), true],
      ['a morning of two days', 'end', {}, reading(16, 90_00), true],
      ['a morning of more', 'end', {}, reading(16, 89_00), false],
      ['no reading', 'end', {}, [], true],
      ['a note of nothing before twice an afternoon', 'start', blank, reading(17, 5_02), true],
      ['a note of nothing before more', 'start', blank, reading(17, 5_03), false],
      ['a turnover of an afternoon of a day and a quarter', 'start', turning, reading(17, 6_24), true],
      ['and what two display steps can hide', 'start', turning, reading(17, 6_26), true],
      ['a turnover of more than that', 'start', turning, reading(17, 6_27), false],
      ['three days of nearly half of what is usual', 'end', {}, reading(13, 91_25), true],
      ['three days of less', 'end', {}, reading(13, 91_28), false],
      ['an afternoon of nothing', 'start', {}, reading(17, 100_00), true],
      ['a person has decided it', 'start', { isDecidedByPerson: true }, reading(17, 500_00), true],
      ['no note', 'start', { source: 'scheduled' }, reading(17, 500_00), true],
    ]
    for (const [title, end, part, readings, expected] of cases) {
      const row = rowOf(end, { readAt: noon, registers: registers(100_00), source: 'exchange', ...part })
      t.equal(noteFits({ row, end, usualE4PerDay }, readings, defaultDeterminantPolicy), expected, title)
    }
    t.end()
  },
)
