import t from 'tap'
import { clockSkew } from '../../../../mdm/validation/rules/clock-skew.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('clock skew: out of the limit, not lost', (t) => {
  const at = (clock: Candidate['clock']) => candidate(set(1), set(2), { clock })
  const cases: readonly [string, Candidate, boolean][] = [
    ['trusted', at('trusted'), false],
    ['out of limit', at('out_of_limit'), true],
    ['lost is another rule’s', at('absurd'), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(clockSkew, one), expected, title)
  t.end()
})
