import t from 'tap'
import { aboveFullest } from '../../../../mdm/validation/rules/above-fullest.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, home, set, speaks, steady, usual } from '../../support/candidates.js'

t.test('above fullest: half as much again as the fullest day before it, and 2 kWh more', (t) => {
  const uneven = usual(8, 12, 8, 12, 8, 12, 8, 8)
  const day = (usage: number, history = uneven, more: Partial<Candidate> = {}) =>
    candidate(set(5000_00), set(5000_00 + usage), { history, ...more })
  const days = (count: number) => ({ readAt: count * 86_400_000 })
  const cases: readonly [string, Candidate, boolean][] = [
    ['the fullest day', day(12_00), false],
    ['half as much again', day(18_00), false],
    ['a step more', day(18_01), true],
    ['three days: two usual ones, and half as much again for the third', day(34_00, uneven, days(3)), false],
    ['a step more in three days', day(34_01, uneven, days(3)), true],
    ['in half a day', day(18_01, uneven, days(0.5)), true],
    ['a week is not known', day(30_00, usual(8, 12, 8, 12, 8, 12)), false],
    ['less than 2 kWh more', day(1_99, steady(10, 0)), false],
    ['2 kWh more', day(2_00, steady(10, 0)), true],
    ['0.2 kWh more behind transformers of 10', day(20, steady(10, 0), { supply: { ...home, multiplier: 10n } }), true],
    [
      'two display steps behind transformers of 100',
      day(2, steady(10, 0), { supply: { ...home, multiplier: 100n } }),
      false,
    ],
    ['a register that turned over', candidate(set(999_995_00), set(13_01), { history: uneven }), true],
    ['one that turned over as it counts', candidate(set(999_995_00), set(13_00), { history: uneven }), false],
    ['one that fell', candidate(set(5000_00), set(13_01), { history: uneven }), false],
    ['no previous value', candidate(null, set(50_00), { history: uneven }), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(aboveFullest, one), expected, title)
  t.end()
})
