import t from 'tap'
import { spike } from '../../../../mdm/validation/rules/spike.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('spike: 66 kWh an hour and one display step', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['no previous value', candidate(null, set(99_999_99)), false],
    ['the limit', candidate(set(0), set(1584_00 + 1)), false],
    ['one step more', candidate(set(0), set(1584_00 + 2)), true],
    ['a tariff register over the limit', candidate(set(0, 0, 0), set(1000_00, 1600_00, 0)), true],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(spike, one), expected, title)
  t.end()
})
