import t from 'tap'
import { dayMs } from '../../../../domain/time.js'
import { liveTolerance } from '../../../../mdm/validation/rules/live-tolerance.js'
import type { Candidate, Claim } from '../../../../mdm/validation/rule.js'
import { candidate, claim, set, speaks } from '../../support/candidates.js'

t.test('live tolerance: 15 minutes after a due point', (t) => {
  const at = (dueAt: number | null, source: Claim['source'] = 'live'): Candidate =>
    candidate(null, set(1), { dueAt, chosen: claim(set(1), source) })
  const cases: readonly [string, Candidate, boolean][] = [
    ['at the due point', at(dayMs), false],
    ['15 minutes', at(dayMs - 900_000), false],
    ['a millisecond more', at(dayMs - 900_001), true],
    ['no due point', at(null), true],
    ['a freeze', at(null, 'scheduled'), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(liveTolerance, one), expected, title)
  t.end()
})
