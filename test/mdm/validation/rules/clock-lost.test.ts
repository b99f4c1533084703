import t from 'tap'
import { clockLost } from '../../../../mdm/validation/rules/clock-lost.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, claim, set, speaks } from '../../support/candidates.js'

t.test('clock lost: a freeze of a meter that does not know the time', (t) => {
  const at = (clock: Candidate['clock'], chosen = claim(set(2))) => candidate(set(1), set(2), { clock, chosen })
  const cases: readonly [string, Candidate, boolean][] = [
    ['trusted', at('trusted'), false],
    ['out of limit', at('out_of_limit'), false],
    ['lost', at('absurd'), true],
    ['lost, fetched later', at('absurd', claim(set(2), 'backfill')), true],
    ['lost, but read at that moment', at('absurd', claim(set(2), 'live')), false],
    ['lost, but read on site', at('absurd', claim(set(2), 'field')), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(clockLost, one), expected, title)
  t.end()
})
