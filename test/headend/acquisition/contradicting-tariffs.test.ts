import t from 'tap'
import { hundredthE4, tariffsContradict } from '../../../headend/acquisition/contradicting-tariffs.js'

type Tariffs = readonly [bigint | null, bigint | null, bigint | null, bigint | null]

const table: readonly [title: string, totalE4: bigint, touE4: Tariffs, isComplete: boolean, contradict: boolean][] = [
  ['no tariffs', 293_400n, [null, null, null, null], true, false],
  ['the published reply: 29.34 against 29.32', 293_400n, [76_600n, 61_500n, 48_000n, 107_100n], true, false],
  ['one step for each register less', 293_400n, [293_000n, 0n, 0n, 0n], true, false],
  ['a hundredth more than that', 293_400n, [292_900n, 0n, 0n, 0n], true, true],
  ['too much', 100_000n, [99_990_000n, 0n, 0n, 0n], true, true],
  ['two tariffs of a meter that has two', 100_000n, [50_000n, 50_100n, null, null], true, false],
  [
    'two tariffs of a meter that has two, off by more than two steps',
    100_000n,
    [50_000n, 50_300n, null, null],
    true,
    true,
  ],
  ['some tariffs of several', 100_000n, [50_000n, 1_000n, null, null], false, false],
  ['some tariffs that are more than all', 100_000n, [50_000n, 50_300n, null, null], false, true],
  ['a total that has rolled over', 1_000_000n, [9_000_000_000n, 1_001_000_000n, 0n, 0n], true, false],
  [
    'a total that has rolled over, and a wrong tariff',
    1_000_000n,
    [9_000_000_000n, 1_001_000_500n, 0n, 0n],
    true,
    true,
  ],
]

for (const [title, totalE4, touE4, isComplete, expected] of table) {
  t.test(`${title}: ${expected ? 'cannot be' : 'may be'}`, async (t) => {
    const shown = { registerDigits: 6, stepE4: hundredthE4, isComplete }
    t.equal(tariffsContradict({ totalE4, touE4 }, shown), expected)
  })
}
