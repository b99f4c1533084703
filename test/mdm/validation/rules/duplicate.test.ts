import t from 'tap'
import { duplicate } from '../../../../mdm/validation/rules/duplicate.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks } from '../../support/candidates.js'

t.test('duplicate: what findDuplicates found', (t) => {
  const met = (sameAs: bigint | null) =>
    candidate(set(1), set(2), { neighbours: { trendPermille: null, swappedWith: null, sameAs } })
  const cases: readonly [string, Candidate, boolean][] = [
    ['none', met(null), false],
    ['another meter', met(2n), true],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(duplicate, one), expected, title)
  t.end()
})
