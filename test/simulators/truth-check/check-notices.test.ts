import t from 'tap'
import { noticesAfterPayment } from '../../../simulators/truth-check/check-notices.js'

t.test('a notice is wrong only when its own account was cleared before it left', async (t) => {
  const cleared = [{ accountCode: 'A1', clearedAt: 1000 }]
  const cases = [
    ['A1', 999, 0],
    ['A1', 1000, 0],
    ['A1', 1001, 1],
    ['A2', 1001, 0],
  ] as const
  for (const [accountCode, sentAt, wrong] of cases)
    t.equal(noticesAfterPayment([{ accountCode, sentAt }], cleared).length, wrong, `${accountCode} ${sentAt}`)
})
