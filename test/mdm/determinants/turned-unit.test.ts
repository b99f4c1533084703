import t from 'tap'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { turnedUnitIn } from '../../../mdm/determinants/turned-unit.js'
import { midnight, registers } from '../support/small-utility.js'
import { rowOf } from './support.js'

t.test('a register that turned over and counts a tenth, or less by tens, comes in another unit', (t) => {
  const of = (before: number, after: number, days = 5, turnedOn = 15) => {
    const reads = [
      ...Array.from({ length: 5 }, (_, day) => [turnedOn - 5 + day, 999_950_00 + day * before] as const),
      ...Array.from({ length: days }, (_, day) => [turnedOn + day, 1 + day * after] as const),
    ].map(([day, hundredths]) => ({ readAt: midnight(day), registers: registers(hundredths) }))
    const turnovers = new Map([[1n, [{ readAt: midnight(turnedOn) }]]])
    const readings = new Map([[1n, reads]])
    return turnedUnitIn(rowOf('start', {}), defaultDeterminantPolicy, { turnovers, readings })
  }
  const cases: readonly [string, number | null, boolean][] = [
    ['as before', of(10_00, 10_00), false],
    ['a tenth', of(10_00, 1_00), true],
    ['more than half of a tenth', of(10_00, 60), true],
    ['less', of(10_00, 59), false],
    ['a hundredth', of(10_00, 10), true],
    ['a thousandth', of(10_00, 1), true],
    ['a quarter', of(10_00, 2_50), false],
    ['nothing', of(10_00, 0), false],
    ['three days known', of(10_00, 1_00, 3), false],
    ['a tenth, four days before the month', of(10_00, 1_00, 5, -3), true],
    ['a tenth, five days before the month', of(10_00, 1_00, 5, -4), false],
    ['in the next month', of(10_00, 1_00, 5, 34), false],
  ]
  for (const [title, found, expected] of cases) t.equal(found !== null, expected, title)
  t.end()
})
