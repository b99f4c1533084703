import t from 'tap'
import { zeroRun } from '../../../../mdm/validation/rules/zero-run.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks, steady, usual } from '../../support/candidates.js'

t.test('zero run: 14 days on a load that ran', (t) => {
  const zeros = (days: number) =>
    usual(...Array.from({ length: 31 - days }, () => 5), ...Array.from({ length: days }, () => 0))
  const idle = (history = zeros(13), rules: readonly string[] = []) =>
    candidate(null, set(100), { history, previous: { readAt: 0, registers: set(100), rules } })
  const cases: readonly [string, Candidate, boolean][] = [
    ['13 days', idle(zeros(12)), false],
    ['14 days', idle(), true],
    ['something counted', candidate(set(100), set(101), { history: zeros(20) }), false],
    ['a load that never ran', idle(steady(31, 0)), false],
    ['it goes on when the load lies further back', idle(steady(31, 0), ['zero_run']), true],
    [
      'it ends with usage',
      candidate(null, set(101), { previous: { readAt: 0, registers: set(100), rules: ['zero_run'] } }),
      false,
    ],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(zeroRun, one), expected, title)
  t.end()
})
