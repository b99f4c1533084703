import t from 'tap'
import { swappedPair } from '../../../../mdm/validation/rules/swapped-pair.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('swapped pair: what findSwaps found', (t) => {
  const met = (swappedWith: bigint | null) =>
    candidate(set(1), set(2), { neighbours: { trendPermille: null, swappedWith, sameAs: null } })
  const cases: readonly [string, Candidate, boolean][] = [
    ['none', met(null), false],
    ['a partner', met(2n), true],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(swappedPair, one), expected, title)
  t.end()
})
