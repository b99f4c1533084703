import t from 'tap'
import { nearAbsolute } from '../../../../mdm/validation/rules/near-absolute.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, home, set, speaks } from '../../support/candidates.js'

t.test('near absolute: a usage within 2 % of the register itself', (t) => {
  const day = 86_400_000
  const at = (before: number, now: number, more: Partial<Candidate> = {}) => candidate(set(before), set(now), more)
  const cases: readonly [string, Candidate, boolean][] = [
    ['story 7: the register taken as usage', at(0, 16_695_58), true],
    ['2 %', at(20_00, 1000_00), true],
    ['a step more than 2 %', at(20_01, 1000_00), false],
    ['less than 100 kWh', at(0, 99_99), false],
    ['a new meter in its first period', at(1_00, 300_00, { supply: { ...home, installedAt: -61 * day } }), false],
    ['after its first period', at(1_00, 300_00, { supply: { ...home, installedAt: -62 * day } }), true],
    ['a meter that hangs nowhere', at(1_00, 300_00, { supply: null }), true],
    ['no previous value', candidate(null, set(300_00)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(nearAbsolute, one), expected, title)
  t.end()
})
