import t from 'tap'
import { tariffSum } from '../../../../mdm/validation/rules/tariff-sum.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('tariff sum: 0.01 × n on the set, 0.01 × (n + 1) on differences', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['no tariff registers', candidate(null, set(100)), false],
    ['equal', candidate(null, set(100, 60, 40)), false],
    ['0.02 apart on two registers', candidate(null, set(102, 60, 40)), false],
    ['0.03 apart on two registers', candidate(null, set(103, 60, 40)), true],
    ['0.03 apart the other way', candidate(null, set(97, 60, 40)), true],
    ['differences 0.03 apart', candidate(set(102, 60, 40), set(201, 120, 80)), false],
    ['differences 0.04 apart', candidate(set(102, 60, 40), set(198, 120, 80)), true],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(tariffSum, one), expected, title)
  t.end()
})
