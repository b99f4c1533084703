import t from 'tap'
import {
  demand,
  energy,
  type Given,
  hours,
  intervals,
  ladder,
  linesOf,
  monthly,
  perUnit,
  product,
  quantity,
  totalsOf,
} from '../offline.js'

/* Demand, power factors and time of use in the test suites of other systems. */

const tod = {
  name: 'tod',
  slots: [
    { name: 'on', when: [{ windows: [{ from: '18:30', to: '21:30' }] }] },
    { name: 'partial', when: [{ windows: [{ from: '08:00', to: '18:30' }] }] },
    { name: 'off', otherwise: true },
  ],
}

t.test('Thailand: demand by slot, at least 70 % of the highest charge of a year, kvar above 61.97 %', async (t) => {
  // The suite of a calculator for MEA and PEA, types 3, 4 and 5.
  const bySlot = (code: string, unit: string, quantityOf: string, on: string, partial: string, off: string) => ({
    code,
    kind: 'usage',
    quantity: quantityOf,
    unit,
    slots: { calendar: 'tod' },
    model: { kind: 'per_unit', prices: { on, partial, off } },
  })
  const charged = (components: readonly object[], quantities: readonly object[], highest = '0'): readonly string[] =>
    linesOf({
      components,
      version: { calendars: [tod] },
      period: { quantities },
      usage: { facts: [{ name: 'highest_demand_charge', value: highest }] },
    }).map((line) => line.split(' = ')[1] ?? line)
  const kw = (on: number, partial: number, off: number) => [
    demand(on, { slot: 'on' }),
    demand(partial, { slot: 'partial' }),
    demand(off, { slot: 'off' }),
  ]
  const sums = (components: readonly object[], quantities: readonly object[]) =>
    totalsOf({ components, version: { calendars: [tod] }, period: { quantities } })
  const single: readonly (readonly [number, string, number, string, string])[] = [
    [100, '175.70', 40_000, '3.1097', '141958.00'],
    [80, '196.26', 30_000, '3.1271', '109513.80'],
    [50, '221.50', 20_000, '3.1751', '74577.00'],
    [130, '220.36', 50_000, '3.1097', '184131.80'],
    [110, '256.07', 45_000, '3.1271', '168887.20'],
    [110, '276.64', 45_000, '3.1751', '173309.90'],
  ]
  for (const [peak, demandPrice, kwh, price, expected] of single)
    t.equal(
      sums(
        [
          { code: 'demand', kind: 'usage', quantity: 'demand', unit: 'kW', model: perUnit(demandPrice) },
          { code: 'energy', kind: 'usage', model: perUnit(price) },
        ],
        [demand(peak), energy(kwh)],
      ),
      expected,
    )
  const byTimeOfDay: readonly (readonly [readonly [number, number, number], string, string, string])[] = [
    [[250, 200, 100], '280.00', '74.14', '84828.00'],
    [[200, 180, 50], '334.33', '132.93', '90793.40'],
    [[180, 150, 80], '352.71', '210.80', '95107.80'],
  ]
  for (const [[on, partial, off], onPrice, partialPrice, expected] of byTimeOfDay)
    t.equal(sums([bySlot('demand', 'kW', 'demand', onPrice, partialPrice, '0')], kw(on, partial, off)), expected)
  const onPeak: readonly (readonly [number, string, number, number, string, string, string])[] = [
    [90, '74.14', 15_000, 25_000, '4.1025', '2.5849', '132832.60'],
    [75, '132.93', 12_000, 18_000, '4.1839', '2.6037', '107043.15'],
    [65, '210.80', 10_000, 15_000, '4.5297', '2.6369', '98552.50'],
    [200, '74.14', 30_000, 50_000, '4.1025', '2.5849', '267148.00'],
    [180, '132.93', 25_000, 40_000, '4.1839', '2.6037', '232672.90'],
    [160, '210.80', 20_000, 30_000, '4.5297', '2.6369', '203429.00'],
    [120, '74.14', 20_000, 35_000, '4.1025', '2.5849', '181418.30'],
    [100, '132.93', 18_000, 32_000, '4.1839', '2.6037', '171921.60'],
    [90, '210.80', 15_000, 28_000, '4.5297', '2.6369', '160750.70'],
  ]
  for (const [peak, demandPrice, on, off, onPrice, offPrice, expected] of onPeak)
    t.equal(
      sums(
        [
          bySlot('demand', 'kW', 'demand', demandPrice, '0', '0'),
          bySlot('energy', 'kWh', 'energy', onPrice, '0', offPrice),
        ],
        [...kw(peak, 0, 10), energy(on, { slot: 'on' }), energy(0, { slot: 'partial' }), energy(off, { slot: 'off' })],
      ),
      expected,
    )
  const least = [
    { code: 'demand', kind: 'usage', quantity: 'demand', unit: 'kW', model: perUnit('175.70') },
    {
      code: 'least',
      kind: 'minimum',
      of: ['demand'],
      amount: product('0.70', { op: 'fact', name: 'highest_demand_charge' }),
    },
  ]
  t.same(charged(least, [demand(50)], '20000'), ['8785.00', '5215.00'])
  t.same(charged(least, [demand(100)], '20000'), ['17570.00'])
  // Expected there as 3252.06; (120 − 61.97) × 56.07 is 3253.74.
  const kvar = [
    {
      code: 'kvar',
      kind: 'usage',
      unit: 'kvar',
      quantity: { op: 'max', of: ['0', { op: 'subtract', of: ['kvar', product('0.6197', 'demand')] }] },
      model: perUnit('56.07'),
    },
  ]
  const reactive = (kvars: number) => quantity('kvar', kvars, { unit: 'kvar' })
  t.same(charged(kvar, [demand(100), reactive(120)]), ['3253.74'])
  t.same(charged(kvar, [demand(100), reactive(50)]), [])
})

t.test('tiers and demand month by month', async (t) => {
  // bellawatt/electric-rate-engine (and dcordz's fork): BlockedTiersInMonths, DemandTiersInMonths, AnnualDemand, MonthlyDemand.
  const firsts = Array.from({ length: 13 }, (_, month) =>
    month === 12 ? '2019-01-01' : `2018-${String(month + 1).padStart(2, '0')}-01`,
  )
  const monthHours = [744, 672, 743, 720, 744, 720, 744, 744, 720, 744, 721, 744]
  const bound = (byMonth: readonly string[]) =>
    byMonth.reduceRight<unknown>(
      (no, value, month) => ({ op: 'if', when: { is: 'month', of: [month + 1] }, yes: value, no }),
      '0',
    )
  const lows = ['0', '0', '0', '10', '10', '10', '700', '700', '700', '750', '750', '750']
  const highs = ['10', '10', '10', '15', '15', '15', '725', '725', '725', '755', '755', '755']
  const tier = (months: readonly number[]): Given => ({
    components: [
      {
        code: 'tier',
        kind: 'usage',
        when: { is: 'month', of: months },
        model: {
          kind: 'graduated',
          blocks: [{ upTo: bound(lows), price: '0' }, { upTo: bound(highs), price: '1' }, { price: '0' }],
        },
      },
    ],
    periods: monthHours.map((kwh, month) => ({
      start: firsts[month],
      end: firsts[month + 1],
      quantities: [energy(kwh)],
    })),
  })
  const all = Array.from({ length: 12 }, (_, month) => month + 1)
  const texts = (numbers: readonly number[]) => numbers.map((value) => value.toFixed(2)).join(' ')
  t.equal(totalsOf(tier(all)), texts([10, 10, 10, 5, 5, 5, 25, 25, 20, 0, 0, 0]))
  t.equal(totalsOf(tier([1])), texts([10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
  const peaks = [2, 5, 20, 15, 12, 17, 4, 8, 30, 10, 4, 15]
  const banded = (steps: readonly (readonly [string | null, string])[], months = all): string =>
    totalsOf({
      components: [
        {
          code: 'band',
          kind: 'usage',
          quantity: 'demand',
          unit: 'kW',
          when: { is: 'month', of: months },
          model: ladder(steps),
        },
      ],
      periods: peaks.map((kw, month) => ({ start: firsts[month], end: firsts[month + 1], quantities: [demand(kw)] })),
    })
  t.equal(banded([[null, '1']]), texts(peaks))
  t.equal(
    banded([
      ['1', '0'],
      [null, '1'],
    ]),
    texts(peaks.map((kw) => kw - 1)),
  )
  t.equal(
    banded([
      ['1', '1'],
      [null, '0'],
    ]),
    texts(peaks.map(() => 1)),
  )
  t.equal(
    banded([
      ['1', '0'],
      ['5', '1'],
      [null, '0'],
    ]),
    texts([1, 4, 4, 4, 4, 4, 3, 4, 4, 4, 3, 4]),
  )
  t.equal(banded([[null, '1']], [1, 2]), texts([2, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
})

t.test('demand charges of a day, by slots that overlap, with what was reached before', async (t) => {
  // we3lab/electric-emission-cost, eeco/tests/test_costs.py: 0 … 95 kW by quarter-hours; peak 12–18, half peak 8:30–12 and 18–21:30, all day.
  const calendar = (name: string, ...windows: readonly (readonly [string, string])[]) => ({
    name,
    partial: true,
    slots: [{ name, when: [{ windows: windows.map(([from, to]) => ({ from, to })) }] }],
  })
  const charge = (name: string, price: string) => ({
    code: name,
    kind: 'usage',
    unit: 'kW',
    quantity: { op: 'demand', of: 'energy', minutes: 15 },
    slots: { calendar: name },
    model: { kind: 'per_unit', prices: { [name]: price } },
  })
  const load = intervals(
    '2024-07-10',
    Array.from({ length: 96 }, (_, quarter) => quarter),
    { minutes: 15, unit: 'kW' },
  )
  const given: Given = {
    components: [charge('peak', '1'), charge('half', '2'), charge('all', '10')],
    version: {
      calendars: [
        calendar('peak', ['12:00', '18:00']),
        calendar('half', ['08:30', '12:00'], ['18:00', '21:30']),
        calendar('all', ['00:00', '24:00']),
      ],
    },
    periods: [{ start: '2024-07-10', end: '2024-07-11', quantities: [load] }],
  }
  t.same(linesOf(given), ['peak peak: 71 × 1 = 71.00', 'half half: 85 × 2 = 170.00', 'all all: 95 × 10 = 950.00'])
  t.equal(totalsOf(given), '1191.00')
  // 100 kW for a day, 0.05 and 0.10 in the evening; each kWh above the first hundred 0.05 more.
  const tiered: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        slots: { calendar: 'evening' },
        model: {
          kind: 'graduated',
          sharing: 'time_order',
          blocks: [
            { upTo: '100', prices: { evening: '0.10', other: '0.05' } },
            { prices: { evening: '0.15', other: '0.10' } },
          ],
        },
      },
    ],
    version: {
      calendars: [
        {
          name: 'evening',
          slots: [
            { name: 'evening', when: [{ windows: [{ from: '16:00', to: '21:00' }] }] },
            { name: 'other', otherwise: true },
          ],
        },
      ],
    },
    periods: [
      {
        start: '2024-07-10',
        end: '2024-07-11',
        quantities: [intervals('2024-07-10', hours(96, 100), { minutes: 15, unit: 'kW' })],
      },
    ],
  }
  t.equal(totalsOf(tiered), '260.00')
  const flat: Given = {
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('0.05') },
      { code: 'export', kind: 'usage', quantity: 'export', multiple: '-1', model: perUnit('0.025') },
    ],
    periods: [
      {
        start: '2024-07-10',
        end: '2024-07-11',
        quantities: [
          intervals('2024-07-10', hours(96, 10), { minutes: 15, unit: 'kW' }),
          { ...intervals('2024-07-10', hours(96, 5), { minutes: 15, unit: 'kW' }), name: 'export' },
        ],
      },
    ],
  }
  t.equal(totalsOf(flat), '9.00')
})

t.test('a surcharge on some components and on all', async (t) => {
  // dcordz/electric-rate-engine, RateElement.SurchargeAsPerecent.test.ts: 10 a month and 8760 kWh at 1 in a year.
  const surcharge = (of: readonly string[]): string =>
    linesOf({
      components: [
        { ...monthly('fixed', '10'), tags: ['any'] },
        { code: 'energy', kind: 'usage', model: perUnit('1'), tags: ['any'] },
        { code: 'surcharge', kind: 'percentage', of, percent: '10' },
      ],
      periods: [{ start: '2019-01-01', end: '2020-01-01', quantities: [energy(8760)] }],
    }).at(-1) ?? ''
  t.equal(surcharge(['fixed']), 'surcharge: 120 × 0.1 = 12.00')
  t.equal(surcharge(['#any']), 'surcharge: 8880 × 0.1 = 888.00')
})
