import t from 'tap'
import type { ExceptionPolicy } from '../../../domain/exception-policy.js'
import { dayMs } from '../../../domain/time.js'
import { urgencyFen, yuanAtRiskFen } from '../../../mdm/exceptions/yuan-at-risk.js'

const policy = {
  kinds: { held_reading: { deadlineHours: 1, changePermille: 600 }, other: { deadlineHours: 1, changePermille: 100 } },
  defaultPriceYuan: '0.6',
  defaultExpectedKwh: '200',
} as unknown as ExceptionPolicy

t.test('money at risk is what is expected, by how likely it changes', async (t) => {
  const account = { priceE8: 50_000_000n, expectedEnergyE4: 1000_0000n }
  t.equal(yuanAtRiskFen({ kind: 'held_reading', ...account }, policy), 300_00n, '1000 kWh × ¥0.5 × 0.6')
  t.equal(yuanAtRiskFen({ kind: 'area_loss', ...account }, policy), 50_00n)
  t.equal(yuanAtRiskFen({ kind: 'held_reading', priceE8: null, expectedEnergyE4: null }, policy), 72_00n)
})

t.test('urgency is money by the day that is left, whole on the last', async (t) => {
  const table = [
    [3 * dayMs, 100n],
    [2 * dayMs + 1, 100n],
    [dayMs, 300n],
    [1, 300n],
    [-9 * dayMs, 300n],
  ] as const
  for (const [left, expected] of table) t.equal(urgencyFen(300n, left, 0), expected, `${left / dayMs} days left`)
})
