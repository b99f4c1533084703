import t from 'tap'
import { jump } from '../../../../mdm/validation/rules/jump.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, home, set, speaks, steady, usual } from '../../support/candidates.js'

t.test('jump: four times the usual day, 30 kWh and 8 median deviations above it', (t) => {
  const day = (usage: number, history = steady(10, 12), more: Partial<Candidate> = {}) =>
    candidate(set(5000_00), set(5000_00 + usage), { history, ...more })
  const cases: readonly [string, Candidate, boolean][] = [
    ['the usual day', day(12_00), false],
    ['four times', day(48_00), false],
    ['a step more', day(48_01), true],
    ['a week is not known', day(90_00, steady(6, 12)), false],
    ['five times little', day(10_00, steady(10, 2)), false],
    ['a day it has had before', day(60_00, usual(12, 12, 12, 12, 12, 60, 12, 12)), false],
    ['a load that comes and goes', day(80_00, usual(0, 20, 0, 20, 0, 20, 0, 20, 0, 20)), false],
    ['behind transformers of 10', day(12_00, steady(10, 2), { supply: { ...home, multiplier: 10n } }), true],
    ['over three days', day(3 * 48_00, steady(10, 12), { readAt: 3 * 86_400_000 }), false],
    ['no previous value', candidate(null, set(1), { history: steady(10, 12) }), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(jump, one), expected, title)
  t.end()
})
