import t from 'tap'
import { drop } from '../../../../mdm/validation/rules/drop.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks, steady, usual } from '../../support/candidates.js'

t.test('drop: a fifth of the usual day, 10 kWh and 8 median deviations below it', (t) => {
  const day = (usage: number, history = steady(10, 15)) => candidate(set(5000_00), set(5000_00 + usage), { history })
  const cases: readonly [string, Candidate, boolean][] = [
    ['a fifth', day(3_00), false],
    ['a step less', day(2_99), true],
    ['nothing is the zero run’s', day(0), false],
    ['a sixth of little', day(50, steady(10, 3)), false],
    ['a day it has had before', day(2_00, usual(15, 15, 15, 2, 15, 15, 15, 15)), false],
    ['a week is not known', day(1_00, steady(6, 15)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(drop, one), expected, title)
  t.end()
})
