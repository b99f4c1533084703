import t from 'tap'
import { rateUsage } from '../../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../../billing/rating/usage/usage-schema.js'
import { componentTariffSchema } from '../../../../billing/tariffs/components/tariff-schema.js'

const tariff = componentTariffSchema.parse({
  format: 'tariff/2',
  code: 'x',
  currency: { code: 'CNY', decimals: 2 },
  versions: [
    {
      version: 1,
      validFrom: '2026-01-01',
      rounding: {},
      calendars: [
        {
          name: 'day',
          slots: [
            { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
            { name: 'valley', otherwise: true },
          ],
        },
      ],
      components: [
        {
          kind: 'usage',
          code: 'energy',
          slots: { calendar: 'day' },
          model: { kind: 'per_unit', prices: { peak: { op: 'absent', reason: 'peak was not found' }, valley: '0.3' } },
        },
      ],
    },
  ],
})

function rated(peak: string) {
  return rateUsage(
    tariff,
    usageDocumentSchema.parse({
      format: 'usage/1',
      zone: 'Asia/Shanghai',
      periods: [
        {
          start: '2026-04-01',
          end: '2026-05-01',
          quantities: [
            { name: 'energy', slot: 'peak', value: peak },
            { name: 'energy', slot: 'valley', value: '100' },
          ],
        },
      ],
    }),
  )
}

t.test('whoever uses energy in a slot whose price is absent is refused with the reason', async (t) => {
  const refused = rated('0.0001')
  t.same(!refused.ok && refused.error, {
    kind: 'cell_absent',
    path: 'tariff.versions.0.components.0.model',
    message: 'peak was not found',
  })
})

t.test('a slot without use needs no price', async (t) => {
  const bill = rated('0')
  t.equal(bill.ok && bill.value.periods[0]?.totals.amount, '30.00')
})
