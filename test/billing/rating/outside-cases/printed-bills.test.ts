import t from 'tap'
import { energy, type Given, ladder, linesOf, perUnit, product, quantity, totalsOf } from '../offline.js'

/* Printed bills and bills that pages work through, of utilities abroad. Numbers are theirs. */

const charge = (code: string, price: unknown, more: object = {}) => ({
  code,
  kind: 'usage',
  model: perUnit(price),
  ...more,
})
const fee = (code: string, price: string, more: object = {}) => ({ code, kind: 'fixed', price, per: 'period', ...more })
const share = (code: string, percent: string, ...of: readonly string[]) => ({
  code,
  kind: 'percentage',
  of,
  percent,
  takes: 'exact',
})
const amount = (code: string, value: unknown, more: object = {}) => ({ code, kind: 'amount', amount: value, ...more })

t.test('Manila: nineteen parts, taxes on each of them, rounded once', async (t) => {
  // scribd.com 334315140 (a sub-metered bill by the rates of Meralco of December 2016): 352 kWh, 3236.79.
  const bill: Given = {
    version: { rounding: { total: { mode: 'half_up', decimals: 2 } } },
    components: [
      charge('generation', '3.8436', { tags: ['before_tax'] }),
      charge('transmission', '0.7484', { tags: ['before_tax'] }),
      charge('loss', '0.4001', { tags: ['before_tax'] }),
      charge('distribution', '1.6175', { tags: ['before_tax', 'distribution_all'] }),
      fee('metering_fixed', '5', { tags: ['before_tax', 'distribution_all'] }),
      charge('metering', '0.3377', { tags: ['before_tax', 'distribution_all'] }),
      fee('supply_fixed', '16.73', { tags: ['before_tax', 'distribution_all'] }),
      charge('supply', '0.5085', { tags: ['before_tax', 'distribution_all'] }),
      charge('lifeline', '0.0798', { tags: ['before_tax', 'subsidies'] }),
      charge('senior', '0.0001', { tags: ['before_tax', 'subsidies'] }),
      share('franchise', '0.65', '#before_tax'),
      share('vat_generation', '11.01', 'generation'),
      amount('vat_transmission', product('25.71', '0.12')),
      share('vat_distribution', '12', '#distribution_all'),
      share('vat_loss', '9.4', 'loss'),
      share('vat_others', '12', '#subsidies', 'franchise'),
      charge('universal', { op: 'add', of: ['0.1561', '0.0025', '0.1938'] }),
      charge('feed_in', '0.1240'),
      fee('sub_meter', '100'),
    ],
    period: { quantities: [energy(352)] },
  }
  t.equal(totalsOf(bill), '3236.79')
  // scribd.com 669233201, September 2022: 400 kWh, generation with a recovery and a refund.
  t.equal(
    totalsOf({
      components: [charge('generation', '6.9393'), charge('recovery', '0.0213'), charge('refund', '-0.0034')],
      tariff: { mayBeNegative: true },
      period: { quantities: [energy(400)] },
    }),
    '2782.88',
  )
})

t.test('Karachi: duty on energy less the fuel adjustment, sales tax on both and on the rent', async (t) => {
  // scribd.com 520477211: 136 kWh, 570.49.
  const bill: Given = {
    components: [
      {
        ...charge('energy', '0'),
        model: ladder([
          ['100', '5.79'],
          ['300', '8.11'],
          ['700', '12.33'],
          [null, '15.07'],
        ]),
      },
      fee('rent', '7.50'),
      fee('fuel', '-434.16'),
      share('duty', '1.5', 'energy', 'fuel'),
      share('sales_tax', '17', 'energy', 'fuel', 'rent', 'duty'),
      fee('television', '35'),
      fee('bank', '8'),
    ],
    tariff: { mayBeNegative: true },
    period: { quantities: [energy(136)] },
  }
  t.match(linesOf(bill).slice(4, 6), ['duty: 436.8 × 0.015 = 6.55', /^sales_tax: .* = 76\.64$/])
  t.equal(totalsOf(bill), '570.49')
})

t.test('Korea: high voltage homes, bounds of July', async (t) => {
  // jjmoak2.iwinv.net 15455: the basic charge is that of the block reached; 580 kWh in June and July, 280 in July.
  const july = (summer: string, other: string) => ({
    op: 'if',
    when: { is: 'billing_month', of: [7, 8] },
    yes: summer,
    no: other,
  })
  const first = july('300', '200')
  const second = july('450', '400')
  const basic = {
    code: 'basic',
    kind: 'usage',
    unit: '1',
    quantity: 'energy',
    model: {
      kind: 'volume',
      flatAtZero: true,
      blocks: [{ upTo: first, flat: '730' }, { upTo: second, flat: '1260' }, { flat: '6060' }],
    },
  }
  const used = {
    ...charge('energy', '0'),
    model: {
      kind: 'graduated',
      blocks: [{ upTo: first, price: '73.3' }, { upTo: second, price: '142.3' }, { price: '210.6' }],
    },
  }
  const month = (number: string, next: string, kwh: number): Given => ({
    version: { rounding: { line: { mode: 'half_up', decimals: 0 } } },
    components: [basic, used],
    periods: [{ start: `2022-${number}-01`, end: `2022-${next}-01`, quantities: [energy(kwh)] }],
    usage: { zone: 'Asia/Seoul' },
    tariff: { currency: { code: 'KRW', decimals: 0 } },
  })
  t.equal(totalsOf(month('06', '07', 580)), '87088')
  t.equal(totalsOf(month('07', '08', 580)), '76773')
  t.equal(totalsOf(month('07', '08', 280)), '21254')
})

t.test('Maharashtra: bounds by the days of the bill, whole units', async (t) => {
  // kjparmar.in: 31 days are 1.03 months; 100 and 300 units become 103 and 310; 221 units.
  const bound = (monthlyUnits: string) => ({
    op: 'round',
    of: product(monthlyUnits, { op: 'divide', of: [{ op: 'days' }, '30'] }),
    to: { mode: 'half_up', decimals: 0 },
  })
  const bill: Given = {
    components: [
      {
        ...charge('energy', '0'),
        model: {
          kind: 'graduated',
          blocks: [{ upTo: bound('100'), price: '3.05' }, { upTo: bound('300'), price: '6.95' }, { price: '9.90' }],
        },
      },
    ],
    periods: [
      {
        start: '2020-01-21',
        end: '2020-02-21',
        quantities: [{ name: 'energy', register: { start: '25001', end: '25222' } }],
      },
    ],
  }
  t.match(linesOf(bill), [/^energy 1: 103 /, /^energy 2: 118 /])
})

t.test('Japan: one per cent of the basic charge for each per cent of power factor', async (t) => {
  // koakisan.com 17680 and chuden.co.jp: 100 kW at 1000, 85 %; fifteen per cent less at 100 %.
  const basic = (factor: string): Given => ({
    components: [
      { code: 'basic', kind: 'fixed', quantity: 'contracted', unit: 'kW', price: '1000', per: 'month' },
      {
        code: 'factor',
        kind: 'power_factor',
        of: ['basic'],
        given: factor,
        table: { target: '0.85', step: '0.01', below: '1', above: '1' },
      },
    ],
    tariff: { currency: { code: 'JPY', decimals: 0 } },
    version: { rounding: { line: { mode: 'down', decimals: 0 } } },
    period: { quantities: [quantity('contracted', 100, { unit: 'kW' })] },
  })
  t.equal(totalsOf(basic('1')), '85000')
  t.equal(totalsOf(basic('0.85')), '100000')
  t.equal(totalsOf(basic('0.80')), '105000')
})
