import t from 'tap'
import { findSwaps } from '../../../mdm/validation/find-swaps.js'
import { findDuplicates, meetNeighbours } from '../../../mdm/validation/neighbours.js'
import type { Candidate } from '../../../mdm/validation/rule.js'
import { candidate, claim, limits, meter, set, steady } from '../support/candidates.js'

/** A meter that used 12 kWh a day before. */
function of(id: number, before: number, now: number, more: Partial<Candidate> = {}): Candidate {
  return candidate(set(before), set(now), {
    meter: { ...meter, meterId: BigInt(id) },
    history: steady(10, 12),
    ...more,
  })
}
function withTariffs(id: number, before: number, now: number): Candidate {
  const tariffs = (total: number) => set(total, total - 1000_00, 1000_00)
  const chosen = claim(tariffs(now))
  return of(id, before, now, { previous: { readAt: 0, registers: tariffs(before) }, claims: [chosen], chosen })
}
/** Each with what the other one says. */
function swappedValues(one: Candidate, index: number, [a, b]: readonly Candidate[]): Candidate {
  return { ...one, chosen: (index === 0 ? (b ?? one) : (a ?? one)).chosen }
}
const placed = (all: readonly Candidate[]) => all.map((each) => ({ candidate: each, limits }))

t.test('two meters that changed places are found, whatever stands around them', (t) => {
  const cases: readonly [string, readonly Candidate[], readonly (readonly [bigint, bigint])[]][] = [
    ['ordinary days', [of(1, 5000_00, 5012_00), of(2, 7000_00, 7012_00)], []],
    [
      'a pair',
      [of(1, 5000_00, 7012_00), of(2, 7000_00, 5012_00)],
      [
        [1n, 2n],
        [2n, 1n],
      ],
    ],
    [
      'a pair among others',
      [of(3, 5100_00, 5112_00), of(2, 7000_00, 5012_00), of(1, 5000_00, 7012_00), of(4, 7000_50, 7013_00)],
      [
        [1n, 2n],
        [2n, 1n],
      ],
    ],
    ['one that fell alone', [of(1, 5000_00, 4000_00), of(2, 7000_00, 7012_00)], []],
    [
      'the other one may go on by itself',
      [of(1, 7000_00, 6990_00), of(2, 6980_00, 7004_00)],
      [
        [1n, 2n],
        [2n, 1n],
      ],
    ],
    [
      'a pair of which both turned over',
      [of(1, 999_995_00, 13_00), of(2, 999_990_00, 5_00)],
      [
        [1n, 2n],
        [2n, 1n],
      ],
    ],
    ['one that turned over beside another meter', [of(1, 999_995_00, 13_00), of(2, 7000_00, 7012_00)], []],
    ['the other one has not come so far', [of(1, 7000_00, 6990_00), of(2, 6980_00, 6992_00)], []],
    [
      'registers that are near, of meters with and without tariffs',
      [of(1, 7000_00, 7012_00), withTariffs(2, 6999_00, 7010_00)].map(swappedValues),
      [
        [1n, 2n],
        [2n, 1n],
      ],
    ],
    [
      'one that shows other tariffs alone',
      [of(1, 7000_00, 7012_00), withTariffs(2, 6999_00, 7010_00)].map(swappedValues).slice(0, 1),
      [],
    ],
    [
      'a history of a week is wanted',
      [of(1, 5000_00, 7012_00, { history: steady(6, 12) }), of(2, 7000_00, 5012_00)],
      [],
    ],
  ]
  for (const [title, all, expected] of cases)
    t.same(
      [...findSwaps(placed(all))].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      expected,
      title,
    )
  t.end()
})

t.test('two meters with the same registers are found', (t) => {
  const four = { totalE4: 1000_0000n, touE4: [100_0000n, 400_0000n, 200_0000n, 300_0000n] } as const
  const same = (id: number) => of(id, 900_00, 1000_00, { chosen: claim(four) })
  const cases: readonly [string, readonly Candidate[], readonly bigint[]][] = [
    ['four registers at once', [same(1), of(3, 1, 2), same(2)], [1n, 2n]],
    ['one register may agree by chance', [of(1, 900_00, 1000_00), of(2, 800_00, 1000_00)], []],
    ['one register twice in a row', [of(1, 900_00, 1000_00), of(2, 900_00, 1000_00)], [1n, 2n]],
    ['twice without usage says nothing', [of(1, 900_00, 900_00), of(2, 900_00, 900_00)], []],
    ['new meters at zero', [of(1, 0, 0), of(2, 0, 0)], []],
  ]
  for (const [title, all, expected] of cases) t.same(new Set(findDuplicates(all).keys()), new Set(expected), title)
  t.end()
})

t.test('the trend is the median of ten neighbours or more, by class', (t) => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, n) => of(n + 1, 5000_00, 5000_00 + 12_00 + n * 1_20))
  t.equal(meetNeighbours(placed(days(9)))[0]?.trendPermille, null)
  t.equal(meetNeighbours(placed(days(10)))[0]?.trendPermille, 1400n)
  t.end()
})
