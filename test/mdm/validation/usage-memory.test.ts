import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { createUsageMemory, historyMs, noTotals } from '../../../mdm/validation/usage-memory.js'

const width = { registerDigits: 6, registerDecimals: 2 }
const day = (n: number) => n * dayMs
const totals = (values: readonly (readonly [day: number, totalE4: bigint])[]) => ({
  readAts: values.map(([n]) => day(n)),
  totalsE4: values.map(([, totalE4]) => totalE4),
})

t.test('what was counted between accepted totals is remembered by the day', async (t) => {
  const top = 10n ** 10n
  const table: readonly (readonly [
    why: string,
    values: readonly (readonly [day: number, totalE4: bigint])[],
    expected: readonly [days: number, least: bigint, most: bigint],
  ])[] = [
    ['nothing is known', [], [0, 0n, 0n]],
    ['one total is no usage', [[1, 100n]], [0, 0n, 0n]],
    [
      'day by day',
      [
        [1, 100n],
        [2, 110n],
        [3, 130n],
      ],
      [2, 10n, 20n],
    ],
    [
      'a stretch of three days counts as one of a third',
      [
        [1, 100n],
        [4, 130n],
      ],
      [1, 10n, 10n],
    ],
    [
      'a turnover is usage',
      [
        [1, top - 5n],
        [2, 5n],
      ],
      [1, 10n, 10n],
    ],
    [
      'a fall is none',
      [
        [1, 100n],
        [2, 50n],
        [3, 60n],
      ],
      [1, 10n, 10n],
    ],
  ]
  for (const [why, values, [days, leastE4, mostE4]] of table)
    t.match(createUsageMemory(width, totals(values)).before(day(10)), { days, leastE4, mostE4 }, why)
})

t.test('what lies longer back than history is forgotten, and what is added is known', async (t) => {
  const memory = createUsageMemory(
    width,
    totals([
      [1, 0n],
      [2, 7n],
    ]),
  )
  t.match(memory.before(day(1) + historyMs), { days: 1, mostE4: 7n })
  const fresh = createUsageMemory(width, noTotals)
  for (let n = 0; n < 100; n++) fresh.add(day(n), BigInt(n * n))
  t.match(fresh.before(day(99)), { days: historyMs / dayMs, leastE4: 137n, mostE4: 197n })
  t.match(fresh.before(day(99) + 1), { days: historyMs / dayMs - 1 }, 'a walk goes forwards')
  t.match(memory.before(day(1) + historyMs + 1), { days: 0 })
})
