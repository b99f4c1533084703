import t from 'tap'
import { staleRepeat } from '../../../../mdm/validation/rules/stale-repeat.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks, steady, usual } from '../../support/candidates.js'

t.test('stale repeat: the same registers for a day on a load that never rested', (t) => {
  const again = (history = usual(5, 5, 5, 5, 5, 5, 5, 0), now = set(100, 60, 40)) =>
    candidate(set(100, 60, 40), now, { history })
  const cases: readonly [string, Candidate, boolean][] = [
    ['two days', again(), true],
    ['one day', again(steady(8, 5)), true],
    ['one register moved', again(undefined, set(100, 61, 40)), false],
    ['a load that rests now and then', again(usual(5, 5, 0, 5, 5, 5, 5, 5, 0)), false],
    ['hardly any load', again(usual(5, 5, 5, 5, 5, 5, 0.4, 0)), false],
    ['two days are known', again(usual(5, 5, 0)), true],
    ['nothing is known', again(usual()), true],
    ['nothing is known, for six days', again(steady(5, 0)), true],
    ['nothing is known, for a week', again(steady(6, 0)), false],
    ['two days are known, a week ago', again(usual(5, 5, 0, 0, 0, 0, 0, 0)), false],
    ['two days of hardly any load', again(usual(0.4, 0.4)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(staleRepeat, one), expected, title)
  t.end()
})
