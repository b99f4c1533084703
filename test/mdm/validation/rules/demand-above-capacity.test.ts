import t from 'tap'
import { demandAboveCapacity } from '../../../../mdm/validation/rules/demand-above-capacity.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, home, set, speaks } from '../../support/candidates.js'

t.test('demand above capacity: 120 % of the contract, behind the transformers', (t) => {
  const of = (kw: number, contractCapacityKva: bigint | null = 100n, multiplier = 10n) =>
    candidate(set(1), set(2), {
      demandE4: BigInt(Math.round(kw * 10_000)),
      supply: { ...home, contractCapacityKva, multiplier },
    })
  const cases: readonly [string, Candidate, boolean][] = [
    ['no demand', candidate(set(1), set(2), { supply: { ...home, contractCapacityKva: 100n } }), false],
    ['120 %', of(12), false],
    ['a step more', of(12.0001), true],
    ['no capacity is agreed', of(99, null), false],
    ['without transformers', of(99, 100n, 1n), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(demandAboveCapacity, one), expected, title)
  t.end()
})
