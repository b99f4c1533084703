import t from 'tap'
import { registerDelta } from '../../../mdm/validation/register-delta.js'
import { meter } from '../support/candidates.js'

t.test('a turnover is never assumed', (t) => {
  // Values and limit in hundredths of a kWh on a 6.2 display.
  const cases: readonly [string, number, number, number, number | 'register_decreased'][] = [
    ['usage', 100_00, 112_50, 1000_00, 12_50],
    ['none', 100_00, 100_00, 1000_00, 0],
    ['story 6: 999999.98 then 000000.03', 999_999_98, 3, 1000_00, 5],
    ['story 5: reads in reversed order', 12_100_00, 12_000_00, 1000_00, 'register_decreased'],
    ['more than the connection carries', 999_000_00, 500_00, 1000_00, 'register_decreased'],
    ['exactly what the connection carries', 999_500_00, 500_00, 1000_00, 1000_00],
    [
      'possible in the time, but not near the end of the range',
      500_000_00,
      100_000_00,
      900_000_00,
      'register_decreased',
    ],
  ]
  for (const [title, earlier, later, limit, expected] of cases) {
    const delta = registerDelta(BigInt(earlier) * 100n, BigInt(later) * 100n, meter, BigInt(limit) * 100n)
    t.equal(delta.ok ? Number(delta.value / 100n) : delta.error.kind, expected, title)
  }
  t.end()
})
