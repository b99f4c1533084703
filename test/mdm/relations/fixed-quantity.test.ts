import t from 'tap'
import { fixedQuantity } from '../../../mdm/relations/fixed-quantity.js'

const day = (n: number) => n * 86_400_000
const july = { periodStart: day(0), periodEnd: day(31) }

t.test('定量: days used of the days of the period, and the parts of a period add up', (t) => {
  const cases: readonly [string, number, number, bigint][] = [
    ['the whole period', 0, 31, 1_000_000n],
    ['15 days', 0, 15, 483_871n],
    ['the other 16', 15, 31, 516_129n],
    ['nothing', 4, 4, 0n],
  ]
  for (const [title, from, to, expected] of cases)
    t.equal(fixedQuantity(1_000_000n, { from: day(from), to: day(to) }, july), expected, title)
  t.end()
})
