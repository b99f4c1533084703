import t from 'tap'
import { rollover } from '../../../../mdm/validation/rules/rollover.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('rollover: named where it is taken, silent where the decrease rule speaks', (t) => {
  const cases: readonly [string, Candidate, boolean][] = [
    ['usage', candidate(set(100), set(200)), false],
    ['story 6: 999999.98 then 000000.03', candidate(set(999_999_98), set(3)), true],
    ['a tariff register', candidate(set(999_999_98, 999_999_99, 50), set(999_999_99, 0, 50)), true],
    ['story 5: reads in reversed order', candidate(set(12_100_00), set(12_000_00)), false],
    ['no previous value', candidate(null, set(3)), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(rollover, one), expected, title)
  t.end()
})
