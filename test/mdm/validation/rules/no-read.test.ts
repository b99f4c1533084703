import t from 'tap'
import { noRead } from '../../../../mdm/validation/rules/no-read.js'
import { policy } from '../../support/candidates.js'

t.test('no read', (t) => {
  const due = { meterId: 1n, readAt: 0 }
  const over = policy.missingAfterMs
  const cases: readonly [string, number, number, boolean][] = [
    ['a claim', 1, over, false],
    ['none while the window lasts', 0, over - 1, false],
    ['none when it is over', 0, over, true],
  ]
  for (const [title, claimCount, now, expected] of cases)
    t.equal(noRead({ ...due, claimCount }, now, policy), expected, title)
  t.end()
})
