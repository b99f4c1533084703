import t from 'tap'
import { apartFromPeers } from '../../../../mdm/validation/rules/apart-from-peers.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, set, speaks, steady } from '../../support/candidates.js'

t.test('apart from peers: four times what the neighbours’ trend lets expect, or a fourth of it', (t) => {
  const day = (usage: number, trendPermille: bigint | null) =>
    candidate(set(5000_00), set(5000_00 + usage), {
      history: steady(10, 15),
      neighbours: { trendPermille, swappedWith: null, sameAs: null },
    })
  const cases: readonly [string, Candidate, boolean][] = [
    ['no neighbours', day(90_00, null), false],
    ['they go on and this one jumps', day(61_00, 1000n), true],
    ['four times', day(60_00, 1000n), false],
    ['a heat wave lifts all', day(61_00, 3000n), false],
    ['they rise and this one falls', day(10_00, 3000n), true],
    ['they rise and it goes on', day(15_00, 9000n), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(apartFromPeers, one), expected, title)
  t.end()
})
