import t from 'tap'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import { billText } from '../../../console/rate/bill-text.js'
import { invariant } from '../../../domain/result.js'
import { componentTariffSchema } from '../../../billing/tariffs/components/tariff-schema.js'
import { billOf, monthly, tariffDocument } from '../../billing/rating/offline.js'
import { readPriceFile } from '../../billing/tariffs/price-files.js'

const { tariff } = readPriceFile('shandong', 'sd-household-tou')

function textOf(start: string, end: string, quantities: readonly object[], isExplained = false): string {
  const usage = usageDocumentSchema.parse({
    format: 'usage/1',
    zone: 'Asia/Shanghai',
    periods: [{ start, end, quantities }],
  })
  const rated = rateUsage(tariff, usage, { explained: isExplained })
  invariant(rated.ok, JSON.stringify(rated))
  return billText(rated.value, tariff, isExplained)
}

const peak = { name: 'energy', slot: 'peak', value: '40' }
const valley = { name: 'energy', slot: 'valley', value: '50' }

t.test('a bill in one piece says its time once', async (t) => {
  const text = textOf('2026-04-01', '2026-05-01', [peak, valley])
  t.match(text, '电度电费 energy')
  t.notMatch(text, 'from – to')
  t.notMatch(text, '出处')
})

t.test('lines of a period that a season cuts say from when to when', async (t) => {
  const text = textOf('2026-10-20', '2026-11-20', [
    { ...peak, to: '2026-11-01' },
    { ...valley, to: '2026-11-01' },
    { ...peak, from: '2026-11-01' },
    { ...valley, from: '2026-11-01' },
  ])
  t.match(text, '2026-10-20 – 2026-11-01')
  t.match(text, '2026-11-01 – 2026-11-20')
})

t.test('an explained bill says where its prices stand', async (t) => {
  t.match(textOf('2026-04-01', '2026-05-01', [peak, valley], true), '，峰 peak：出处 source (B) 0.5469 + 0.03; ')
})

t.test(
  'an explained bill names rules, inputs and slots in Chinese, the words of the document beside them',
  async (t) => {
    const text = textOf('2026-04-01', '2026-05-01', [peak, valley], true)
    t.match(text, /│ 峰 peak +│/)
    t.match(text, /，谷 valley：计费 charge_line 数量 quantity=\d+，单价 unitPrice=/)
  },
)

t.test('quotients that do not end are told apart by decimals', async (t) => {
  const given = { components: [{ ...monthly('capacity', '26.3'), quantity: '2000' }], period: { end: '2026-06-11' } }
  const text = billText(billOf(given), componentTariffSchema.parse(tariffDocument(given)), false)
  t.match(text, /│ +≈666\.666667 │ .*17533\.33 │/)
  t.match(text, '（未舍入 exact 52600/3 ≈17533.333333）')
})
