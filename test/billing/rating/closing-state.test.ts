import t from 'tap'
import type { BillPeriod } from '../../../billing/rating/bill.js'
import { differenceOf } from '../../../billing/rating/bill-difference.js'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { type UsageDocument, usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import { parseComponentTariff, parseDocument } from '../../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../../billing/tariffs/components/tariff-schema.js'
import type { Result } from '../../../domain/result.js'
import { ratingCase } from '../../crosscheck/rating-cases.js'
import { billOf, energy, type Given, ladder, linesOf, quantity, tariffDocument, usageDocument } from './offline.js'

function accepted<T>(result: Result<T, { readonly kind: string }>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

/** All periods in one call, and each in a call of its own that begins with what the one before closed. */
function bothWays(tariff: ComponentTariff, usage: UsageDocument) {
  const atOnce = accepted(rateUsage(tariff, usage)).periods
  const oneByOne: BillPeriod[] = []
  let opening = usage.opening
  for (const period of usage.periods) {
    const [rated] = accepted(rateUsage(tariff, { ...usage, opening, periods: [period] })).periods
    if (rated === undefined) throw new Error('no period')
    oneByOne.push(rated)
    // Through text, as a file would be.
    const next = accepted(
      parseDocument(usageDocumentSchema, { ...JSON.parse(JSON.stringify(usage)), opening: rated.closing }),
    )
    opening = next.opening
  }
  return { atOnce, oneByOne }
}

function documentsOf(tariff: object, usage: object) {
  return [accepted(parseComponentTariff(tariff)), accepted(parseDocument(usageDocumentSchema, usage))] as const
}

const seed = 11
const count = 120

t.test(`${count} random accounts of seed ${seed}: period after period gives what one call gives`, async (t) => {
  const differing: unknown[] = []
  let several = 0
  for (let index = 0; index < count; index += 1) {
    const { tariff, usage } = ratingCase(seed, index)
    const { atOnce, oneByOne } = bothWays(...documentsOf(tariff, usage))
    if (atOnce.length > 1) several += 1
    if (JSON.stringify(atOnce) !== JSON.stringify(oneByOne)) differing.push({ index, atOnce, oneByOne })
  }
  t.ok(several > count / 2, `${several} accounts of several periods`)
  t.same(differing.slice(0, 2), [])
})

t.test('settlements of a month that does not begin on its first day go on across calls', async (t) => {
  const demand = (kw: number) => quantity('demand', kw, { unit: 'kW' })
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: ladder(
          [
            ['100', '1'],
            [null, '2'],
          ],
          { scope: { of: 'year' } },
        ),
      },
      { code: 'capacity', kind: 'fixed', level: 'month', quantity: 'demand', unit: 'kW', price: '30', per: 'month' },
      { code: 'late', kind: 'usage', level: 'month', model: { kind: 'per_unit', price: '0.1' } },
      { code: 'tax', kind: 'percentage', level: 'month', of: ['energy', 'capacity'], percent: '10' },
    ],
    periods: [
      {
        start: '2026-05-25',
        end: '2026-06-10',
        month: '2026-06',
        settlement: { number: 1, last: false },
        quantities: [energy(80), demand(50)],
      },
      {
        start: '2026-06-10',
        end: '2026-06-25',
        settlement: { number: 2, last: true },
        quantities: [energy(70), demand(40)],
      },
    ],
  }
  const { atOnce, oneByOne } = bothWays(...documentsOf(tariffDocument(given), usageDocument(given)))
  t.same(oneByOne, atOnce)
  t.same(linesOf(given), [
    'energy 1: 80 × 1 = 80.00',
    'energy 1: 20 × 1 = 20.00',
    'energy 2: 50 × 2 = 100.00',
    'capacity: 50 × 30 = 1500.00',
    'late: 150 × 0.1 = 15.00',
    'tax: 1700 × 0.1 = 170.00',
  ])
  t.match(atOnce[0]?.closing.months, [{ month: '2026-06', start: '2026-05-25' }])
  t.same(atOnce[1]?.closing.months, [])
})

t.test('a bill less an earlier one, by component and to the fen', async (t) => {
  const rated = (kwh: number, components: readonly object[]) =>
    billOf({ components, period: { quantities: [energy(kwh)] } })
  const one = (code: string, price: string) => ({ code, kind: 'usage', model: { kind: 'per_unit', price } })
  const before = rated(100, [one('energy', '0.5'), one('fund', '0.0333'), one('dropped', '0.01')])
  const now = rated(90, [one('energy', '0.5'), one('fund', '0.037'), one('added', '0.02')])
  t.same(differenceOf(now, before, 2), {
    exact: '-4.2',
    amount: '-4.20',
    byComponent: [
      { component: 'energy', exact: '-5', amount: '-5.00' },
      { component: 'added', exact: '1.8', amount: '1.80' },
      { component: 'dropped', exact: '-1', amount: '-1.00' },
    ],
  })
  t.match(differenceOf(now, now, 2), { exact: '0', amount: '0.00', byComponent: [] })
})
