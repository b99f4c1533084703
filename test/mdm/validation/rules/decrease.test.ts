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
    ['a turnover read the other way round', candidate(set(3), set(999_999_98)), true],
    ['one of a tariff register', candidate(set(500_00, 3, 400_00), set(500_10, 999_999_98, 400_10)), true],
    ['a leap that no turnover explains', candidate(set(3), set(500_000_00)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(decrease, one), expected, title)
  t.end()
})
