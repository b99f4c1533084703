import t from 'tap'
import { disputed } from '../../../../mdm/validation/rules/disputed.js'
import type { Claim } from '../../../../mdm/validation/rule.js'
import { candidate, claim, set, speaks } from '../../support/candidates.js'

t.test('disputed', (t) => {
  const [a, b] = [claim(set(100)), claim(set(200), 'backfill')]
  const field = claim(set(150), 'field')
  const cases: readonly [string, readonly Claim[], Claim, boolean][] = [
    ['one value', [a], a, false],
    ['two values', [a, b], a, true],
    ['two values and a read on site', [field, a, b], field, false],
  ]
  for (const [title, claims, chosen, expected] of cases)
    t.equal(speaks(disputed, candidate(null, chosen.registers, { claims, chosen })), expected, title)
  t.end()
})
