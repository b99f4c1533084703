import t from 'tap'
import { decrease } from '../../../../mdm/validation/rules/decrease.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('decrease', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['no previous value', candidate(null, set(100)), false],
    ['equal', candidate(set(100), set(100)), false],
    ['a total that fell', candidate(set(100), set(99)), true],
    ['a tariff register that fell', candidate(set(100, 60, 40), set(110, 59, 51)), true],
    ['a register known only now', candidate(set(100), set(110, 60, 50)), false],
    ['a plausible turnover', candidate(set(999_999_98), set(3)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(decrease, one), expected, title)
  t.end()
})
