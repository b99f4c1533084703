import t from 'tap'
import { decimalText, fenText } from '../../../../billing/engine/components/line-texts.js'

t.test('exact numbers are written as the readable rules write them', (t) => {
  for (const [value, decimals, expected] of [
    [0, 4, '0'],
    [10_000, 4, '1'],
    [1, 4, '0.0001'],
    [123_450_000, 8, '1.2345'],
    [2 ** 53 - 1, 12, '9007.199254740991'],
    [1_000_000_000_000, 12, '1'],
  ] as const)
    t.equal(decimalText(value, decimals), expected)
  for (const [fen, expected] of [
    [0, '0.00'],
    [7, '0.07'],
    [120, '1.20'],
    [98_765, '987.65'],
  ] as const)
    t.equal(fenText(fen), expected)
  t.end()
})
