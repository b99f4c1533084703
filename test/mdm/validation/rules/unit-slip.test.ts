import t from 'tap'
import { dayMs } from '../../../../domain/time.js'
import { unitSlip } from '../../../../mdm/validation/rules/unit-slip.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks, steady, usual } from '../../support/candidates.js'

t.test('unit slip: ten, a hundred or a thousand times, or that part', (t) => {
  const day = (before: number, now: number, history = steady(10, 12)) => candidate(set(before), set(now), { history })
  const twoDays = (before: number, now: number, history: Candidate['history']) => ({
    ...day(before, now, history),
    previous: { readAt: -dayMs, registers: set(before) },
  })
  const cases: readonly [string, Candidate, boolean][] = [
    ['an ordinary day', day(5000_00, 5012_00), false],
    ['register in tenths', day(5000_00, 50_120_00), true],
    ['register in tens', day(5000_00, 501_20), true],
    ['story 10: thousands for hundreds', day(5000_00, 5120_00), true],
    ['usage a tenth', day(5000_00, 5001_20), true],
    ['usage nine times', day(5000_00, 5108_00), false],
    ['ten times within 5 %', day(5000_00, 5126_00), true],
    ['ten times and 6 %', day(5000_00, 5127_20), false],
    ['a load that varies', day(5000_00, 5120_00, usual(8, 16, 9, 15, 10, 14, 12, 12)), false],
    ['a week is not known', day(5000_00, 5120_00, steady(6, 12)), false],
    ['a young register that grows tenfold as it does', day(10_00, 100_00, usual(2, 90, 2, 3, 2, 3, 2, 3)), false],
    [
      'a register near zero, ten times after a day of little use',
      day(32_00, 343_00, usual(1, 2, 3, 1, 2, 3, 1, 2)),
      true,
    ],
    ['ten times after the fullest of two days', twoDays(32_00, 383_00, usual(1, 2, 3, 1, 2, 3, 1, 2)), true],
    ['more than ten times', twoDays(32_00, 420_00, usual(1, 2, 3, 1, 2, 3, 1, 2)), false],
    ['less than ten times', day(32_00, 300_00, usual(1, 2, 3, 1, 2, 3, 1, 2)), false],
    ['a hundred times', day(3_00, 450_00, usual(1, 2, 3, 1, 2, 3, 1, 2)), true],
    [
      'near zero, of a load that grows by less than a large jump',
      day(1_00, 25_00, usual(1, 2, 3, 1, 2, 3, 1, 2)),
      false,
    ],
    ['a hundredth of the range, where it turned over as it counts', day(999_995_00, 7_00, steady(10, 12)), false],
    ['the same after a turnover that counts more', day(999_999_99, 1000_00, steady(10, 12)), true],
    ['a thousandth of it after one', day(999_900_00, 1000_00, steady(10, 1200)), true],
    [
      'the same of a load that counts as much',
      day(999_900_00, 1000_00, usual(900, 1100, 900, 1200, 900, 950, 990)),
      false,
    ],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(unitSlip, one), expected, title)
  t.end()
})
