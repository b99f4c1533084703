import t from 'tap'
import {
  demand,
  energy,
  type Given,
  intervals,
  ladder,
  linesOf,
  monthly,
  perUnit,
  product,
  quantity,
  totalsOf,
} from '../offline.js'

/*
 * Network tariffs, demand and power factors, by the numbers that the suites of other systems expect. Each list names the repository or the file.
 */

const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
const fee = (code: string, price: string) => ({ code, kind: 'fixed', price, per: 'period' })

t.test('Slovenia: two energy registers, power agreed in each of five time blocks, every part in cents', async (t) => {
  // test_bill_calculation.py of an electricity-bill calculator: energyVT, energyMT, blockCosts, additionalCosts.
  interface Household {
    readonly prices: readonly [string, string]
    readonly blocks: readonly (readonly [price: string, perKw: string])[]
    readonly agreed: readonly string[]
    readonly energy: readonly [string, string]
    readonly byBlock: readonly string[]
    readonly others: readonly string[]
  }
  const bill = (one: Household, solar = '0'): Given => {
    const all = { op: 'add', of: ['vt', 'mt'] }
    const withSolar = (register: string) => ({
      op: 'add',
      of: [register, product(solar, { op: 'divide', of: [register, all] })],
    })
    return {
      components: [
        { ...usage(perUnit(one.prices[0]), { quantity: withSolar('vt') }), code: 'vt' },
        { ...usage(perUnit(one.prices[1]), { quantity: withSolar('mt') }), code: 'mt' },
        ...one.blocks.flatMap(([price, perKw], index) => [
          {
            code: `power_${index + 1}`,
            kind: 'fixed',
            quantity: one.agreed[index],
            unit: 'kW',
            price: perKw,
            per: 'month',
          },
          {
            ...usage(perUnit(price), {
              quantity: index === 0 ? { op: 'add', of: ['block_1', solar] } : `block_${index + 1}`,
            }),
            code: `used_${index + 1}`,
          },
        ]),
        ...one.others.map((amount, index) => fee(`other_${index + 1}`, amount)),
      ],
      tariff: { mayBeNegative: true },
      periods: [
        {
          start: '2025-01-01',
          end: '2025-02-01',
          quantities: [
            quantity('vt', one.energy[0]),
            quantity('mt', one.energy[1]),
            ...one.byBlock.map((kwh, index) => quantity(`block_${index + 1}`, kwh)),
          ],
        },
      ],
    }
  }
  const first: Household = {
    prices: ['0.084', '0.07'],
    blocks: [
      ['0.01958', '3.61324'],
      ['0.01844', '0.8824'],
      ['0.01837', '0.19137'],
      ['0.01838', '0.01316'],
      ['0', '0'],
    ],
    agreed: ['5', '5.3', '5.6', '5.6', '5.6'],
    energy: ['154', '251'],
    byBlock: ['105', '147', '103', '50', '0'],
    others: ['0.37', '0.62', '1.99', '-0.18'],
  }
  const second: Household = {
    prices: ['0.12479', '0.10285'],
    blocks: [
      ['0.01998', '1.71126'],
      ['0.01833', '0.91224'],
      ['0.01809', '0.16297'],
      ['0.01855', '0.00407'],
      ['0', '0'],
    ],
    agreed: ['3.8', '3.9', '4.1', '4.1', '4.1'],
    energy: ['120', '137'],
    byBlock: ['61', '89', '78', '29', '0'],
    others: ['1.71', '0.39', '1.99', '-1'],
  }
  t.equal(totalsOf(bill(first)), '64.78')
  t.equal(totalsOf(bill(second)), '47.70')
  const amounts = linesOf(bill(first, '50')).map((line) => line.replace(/: .* = /, ' '))
  t.same(amounts.slice(0, 4), ['vt 14.53', 'mt 19.74', 'power_1 18.07', 'used_1 3.03'])
})

t.test('a penalty for each hundredth below a power factor, on energy and demand', async (t) => {
  // powerCost.test.ts of a calculator of plant costs; rates are shares of a hundredth.
  interface Plant {
    readonly kwh: number
    readonly price: string
    readonly kw: number
    readonly perKw: string
    readonly factor: string
    readonly rate: string
    readonly fixed: string
  }
  const cost = ({ kwh, price, kw, perKw, factor, rate, fixed }: Plant): Given => ({
    components: [
      usage(perUnit(price)),
      { code: 'demand', kind: 'fixed', quantity: 'demand', unit: 'kW', price: perKw, per: 'period' },
      {
        code: 'penalty',
        kind: 'power_factor',
        of: ['energy', 'demand'],
        given: factor,
        table: { target: '0.90', step: '0.01', below: rate, above: '0' },
      },
      fee('fixed', fixed),
    ],
    period: { quantities: [energy(kwh), demand(kw)] },
  })
  const rows: readonly (readonly [Plant, string])[] = [
    [{ kwh: 10_000, price: '0.12', kw: 50, perKw: '10', factor: '0.95', rate: '0', fixed: '0' }, '1700.00'],
    [{ kwh: 10_000, price: '0.12', kw: 50, perKw: '10', factor: '0.95', rate: '0', fixed: '100' }, '1800.00'],
    [{ kwh: 10_000, price: '0.10', kw: 100, perKw: '10', factor: '0.95', rate: '1', fixed: '0' }, '2000.00'],
    [{ kwh: 10_000, price: '0.10', kw: 100, perKw: '10', factor: '0.85', rate: '1', fixed: '0' }, '2100.00'],
    [{ kwh: 10_000, price: '0.10', kw: 100, perKw: '10', factor: '0.80', rate: '1', fixed: '0' }, '2200.00'],
    [{ kwh: 10_000, price: '0.10', kw: 100, perKw: '10', factor: '0.80', rate: '0', fixed: '0' }, '2000.00'],
    [{ kwh: 5000, price: '0.15', kw: 30, perKw: '12', factor: '0.88', rate: '0.5', fixed: '50' }, '1171.10'],
    [{ kwh: 0, price: '0.12', kw: 0, perKw: '10', factor: '0.85', rate: '1', fixed: '100' }, '100.00'],
    [{ kwh: 10_000, price: '0.10', kw: 100, perKw: '10', factor: '0.90', rate: '1', fixed: '0' }, '2000.00'],
    [{ kwh: 50_000, price: '0.11', kw: 200, perKw: '15', factor: '0.92', rate: '0', fixed: '250' }, '8750.00'],
  ]
  for (const [plant, expected] of rows) t.equal(totalsOf(cost(plant)), expected, JSON.stringify(plant))
})

t.test('billed demand: a floor, and a share of the months before', async (t) => {
  // dashboard.api.analytics, compute_billing_series: at least 50 kW, and 60 % of the highest of eleven months.
  const billed = {
    op: 'max',
    of: ['top', product('0.60', { op: 'history', name: 'top', months: { preceding: 11 }, take: 'highest' }), '50'],
  }
  const month = (start: string, end: string, kw: number, kwh = 0) => ({
    start,
    end,
    quantities: [quantity('top', kw, { unit: 'kW' }), energy(kwh)],
  })
  const series = (periods: readonly object[], price: string): Given => ({
    components: [usage(perUnit(price), { code: 'demand', quantity: billed, unit: 'kW' })],
    periods,
  })
  t.equal(
    totalsOf(series([month('2025-01-01', '2025-02-01', 20), month('2025-02-01', '2025-03-01', 45)], '1')),
    '50.00 50.00',
  )
  const year = Array.from({ length: 12 }, (_, index) =>
    month(
      `2024-${String(index + 1).padStart(2, '0')}-01`,
      index === 11 ? '2025-01-01' : `2024-${String(index + 2).padStart(2, '0')}-01`,
      100,
    ),
  )
  t.match(totalsOf(series([...year, month('2025-01-01', '2025-02-01', 40)], '1')), / 100\.00 60\.00$/)
  t.equal(
    totalsOf({
      components: [
        monthly('customer', '120'),
        usage(perUnit('10'), { code: 'demand', quantity: billed, unit: 'kW' }),
        usage(perUnit('0.05')),
      ],
      periods: [month('2025-01-01', '2025-02-01', 80, 2000)],
    }),
    '1020.00',
  )
  // A suite of battery dispatch, test_ratchet_floor_binds: 75 % of 50 kW before, at 15 each.
  t.same(
    linesOf({
      components: [
        {
          code: 'demand',
          kind: 'fixed',
          unit: 'kW',
          quantity: {
            op: 'max',
            of: ['top', product('0.75', { op: 'history', name: 'top', months: 'all', take: 'highest' })],
          },
          price: '15',
          per: 'month',
        },
      ],
      periods: [month('2024-07-01', '2024-08-01', 0.5)],
      usage: { opening: { quantities: [{ name: 'top', month: '2024-06', value: '50' }] } },
    }),
    ['demand: 37.5 × 15 = 562.50'],
  )
})

t.test('tiers, export and demand over a year of half hours', async (t) => {
  // A suite of a tariff library (odin codecs), TestTariff: 10 and 400 kWh a month at 0.10, 0.15 and 0.30; four kWh an hour.
  const block = ladder([
    ['10', '0.10'],
    ['400', '0.15'],
    [null, '0.30'],
  ])
  const of = (start: string, end: string, kwh: number, ...components: readonly object[]): Given => ({
    components,
    periods: [{ start, end, quantities: [energy(kwh), quantity('export', 35_040)] }],
  })
  t.equal(totalsOf(of('2018-01-01', '2018-02-01', 2976, usage(block))), '832.30')
  t.equal(totalsOf(of('2018-04-01', '2018-05-01', 2880, usage(block))), '803.50')
  t.equal(totalsOf(of('2018-02-01', '2018-03-01', 2688, usage(block))), '745.90')
  t.equal(totalsOf(of('2018-01-01', '2018-02-01', 8928, usage(perUnit('0.15')))), '1339.20')
  t.equal(
    totalsOf(of('2018-01-01', '2019-01-01', 0, usage(perUnit('1'), { quantity: 'export', multiple: '-1' }))),
    '-35040.00',
  )
  // 75 kWh in a quarter of an hour are 300 kW, of which the first 120 are in another charge.
  const above = {
    code: 'demand',
    kind: 'usage',
    unit: 'kW',
    quantity: { op: 'demand', of: 'energy', minutes: 30 },
    model: ladder([
      ['120', '0'],
      [null, '28.45'],
    ]),
  }
  const loads = (...components: readonly object[]): Given => ({
    components,
    periods: [
      {
        start: '2018-01-01',
        end: '2018-02-01',
        quantities: [
          intervals(
            '2018-01-01',
            [...Array.from({ length: 1488 }, () => '60'), ...Array.from({ length: 1488 }, () => '30')],
            {
              minutes: 15,
            },
          ),
        ],
      },
    ],
  })
  t.equal(totalsOf(loads({ ...above, rounding: {} })), '3414.00', '240 kW: 120 above the bound')
  const south = (kw: number): Given => ({
    components: [{ ...above, quantity: 'demand' }, usage(perUnit('0.117545'))],
    period: { quantities: [demand(kw), energy(133_920)] },
  })
  t.same(linesOf(south(300)), [
    'demand 1: 120 × 0 = 0.00',
    'demand 2: 180 × 28.45 = 5121.00',
    'energy: 133920 × 0.117545 = 15741.63',
  ])
  t.equal(totalsOf(south(300)), '20862.63')
})

t.test('the highest of three quarter hours', async (t) => {
  // Nik510/Cursor_EverWatt_AI, phase1.billingOracle.knownAnswer.test.ts: 10, 25 and 5 kW at 10 each; no other interval is known.
  t.equal(
    totalsOf({
      components: [
        {
          code: 'demand',
          kind: 'fixed',
          unit: 'kW',
          quantity: { op: 'demand', of: 'energy', minutes: 15 },
          price: '10',
          per: 'month',
        },
      ],
      periods: [
        {
          start: '2026-01-01',
          end: '2026-02-01',
          quantities: [intervals('2026-01-01', [10, 25, 5], { minutes: 15, unit: 'kW', missing: 'zero' })],
        },
      ],
    }),
    '250.00',
  )
})
