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

/* Time of use, demand and power factors in the suites of calculators for Taiwan, India, Greece and others. */

const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
const kw = (start: string, values: readonly (number | string)[], minutes = 60) =>
  intervals(start, values, { minutes, unit: 'kW' })

t.test('Taipower: two and three slots by season, a price above 2000 kWh', async (t) => {
  // A calculator of Taiwan's time-of-use plans, tests of accuracy: simple plans with two and with three slots.
  const summer = { dates: { from: '06-01', to: '10-01' } }
  const winter = { dates: { from: '10-01', to: '06-01' } }
  const plan = (slots: readonly object[]) => ({ name: 'plan', slots })
  const two = plan([
    { name: 'summer_peak', when: [{ ...summer, days: ['weekday'], windows: [{ from: '09:00', to: '24:00' }] }] },
    {
      name: 'winter_peak',
      when: [
        {
          ...winter,
          days: ['weekday'],
          windows: [
            { from: '06:00', to: '11:00' },
            { from: '14:00', to: '24:00' },
          ],
        },
      ],
    },
    {
      name: 'winter_off',
      when: [
        { ...winter, days: ['weekend'] },
        {
          ...winter,
          days: ['weekday'],
          windows: [
            { from: '00:00', to: '06:00' },
            { from: '11:00', to: '14:00' },
          ],
        },
      ],
    },
    { name: 'summer_off', otherwise: true },
  ])
  const three = plan([
    { name: 'peak', when: [{ ...summer, days: ['weekday'], windows: [{ from: '16:00', to: '22:00' }] }] },
    {
      name: 'half',
      when: [
        {
          ...summer,
          days: ['weekday'],
          windows: [
            { from: '09:00', to: '16:00' },
            { from: '22:00', to: '24:00' },
          ],
        },
      ],
    },
    { name: 'off', otherwise: true },
  ])
  const twoPrices = { summer_peak: '5.16', summer_off: '2.06', winter_peak: '4.93', winter_off: '1.99' }
  const above = usage(perUnit('1.04'), { code: 'above', free: '2000' })
  const bill = (
    calendar: object,
    prices: object,
    start: string,
    values: readonly (number | string)[],
    more: readonly object[] = [],
  ): string =>
    totalsOf({
      components: [usage({ kind: 'per_unit', prices }, { slots: { calendar: 'plan' } }), ...more],
      version: { calendars: [calendar] },
      periods: [
        {
          start,
          end: start.includes('T')
            ? `${start.slice(0, 11)}${String(Number(start.slice(11, 13)) + values.length).padStart(2, '0')}:00`
            : '2024-08-01',
          quantities: [kw(start, values)],
        },
      ],
      usage: { zone: 'Asia/Taipei' },
    })
  const july = Array.from({ length: 31 * 24 }, (_, index) => {
    const [day, hour] = [Math.floor(index / 24), index % 24]
    const isWeekend = [6, 0].includes((1 + day) % 7)
    return isWeekend ? 1.5 : hour >= 9 ? 2.5 : 1
  })
  const rows: readonly (readonly [string, string, string])[] = [
    ['a weekday afternoon in July', bill(two, twoPrices, '2024-07-15T14:00', [1]), '5.16'],
    ['a night in July', bill(two, twoPrices, '2024-07-15T02:00', [1]), '2.06'],
    ['a weekday morning in January', bill(two, twoPrices, '2024-01-15T10:00', [1]), '4.93'],
    ['a night in January', bill(two, twoPrices, '2024-01-15T02:00', [1]), '1.99'],
    ['a Sunday in July', bill(two, twoPrices, '2024-07-14T14:00', [1]), '2.06'],
    // 23 weekdays: 345 h × 2.5 at 5.16; 207 h × 1 and 192 h × 1.5 at 2.06.
    ['July as people live', bill(two, twoPrices, '2024-07-01', july), '5470.20'],
    [
      'an evening at three slots',
      bill(three, { peak: '7.13', half: '4.69', off: '2.06' }, '2024-07-15T17:00', [1]),
      '7.13',
    ],
    [
      'a morning at three slots',
      bill(three, { peak: '7.13', half: '4.69', off: '2.06' }, '2024-07-15T10:00', [1]),
      '4.69',
    ],
  ]
  for (const [claim, found, expected] of rows) t.equal(found, expected, claim)
  const surcharge = linesOf({
    components: [above],
    periods: [{ start: '2024-07-01', end: '2024-08-01', quantities: [energy(74_400)] }],
  })
  t.same(surcharge, ['above: 72400 × 1.04 = 75296.00'])
  t.equal(
    totalsOf({
      components: [{ code: 'basic', kind: 'fixed', per: 'period', price: '75' }],
      periods: [{ start: '2024-07-15', end: '2024-07-16' }],
    }),
    '75.00',
  )
  // Steps of shops over two months: 330, 700 … kWh a month.
  const steps = (kwh: number, first: string, second: string): string =>
    totalsOf({
      components: [
        usage(
          ladder(
            [
              ['330', first],
              ['700', second],
              [null, '9'],
            ],
            { scope: { of: 'period', times: 'months' } },
          ),
        ),
      ],
      periods: [{ start: '2024-07-01', end: '2024-09-01', quantities: [energy(kwh)] }],
    })
  t.equal(steps(660, '2.71', '3.76'), '1788.60')
})

t.test('Tamil Nadu: a week by hand', async (t) => {
  // Acceptance tests of a bill engine for HT-I-A of TNERC: 100 kW flat from Monday, 2 June 2025.
  const calendar = {
    name: 'tod',
    slots: [
      { name: 'solar', when: [{ windows: [{ from: '05:00', to: '10:00' }] }] },
      { name: 'normal', when: [{ windows: [{ from: '10:00', to: '18:00' }] }] },
      { name: 'peak', when: [{ windows: [{ from: '18:00', to: '22:00' }] }] },
      { name: 'night', otherwise: true },
    ],
  }
  const prices = {
    solar: product('6.35', '0.80'),
    normal: '6.35',
    peak: product('6.35', '1.25'),
    night: product('6.35', '0.90'),
  }
  const kva = { op: 'divide', of: [{ op: 'demand', of: 'energy', minutes: 30 }, 'factor'] }
  // Five points below 0.90 are 5 %, four above 0.95 take 2 % off.
  const percent = {
    op: 'if',
    when: { is: 'less', of: ['factor', '0.90'] },
    yes: product('100', { op: 'subtract', of: ['0.90', 'factor'] }),
    no: product('-50', { op: 'max', of: ['0', { op: 'subtract', of: ['factor', '0.95'] }] }),
  }
  const week = (values: readonly number[], factor: string): Given => ({
    version: { calendars: [calendar] },
    tariff: { mayBeNegative: true },
    components: [
      usage({ kind: 'per_unit', prices }, { slots: { calendar: 'tod' } }),
      {
        code: 'demand',
        kind: 'usage',
        unit: 'kVA',
        quantity: { op: 'max', of: [kva, product('0.90', '250')] },
        model: perUnit('608'),
      },
      { code: 'factor', kind: 'percentage', of: ['energy', 'demand'], percent },
      { code: 'duty', kind: 'percentage', of: ['energy'], percent: '5', takes: 'exact' },
    ],
    periods: [
      {
        start: '2025-06-02',
        end: '2025-06-09',
        quantities: [kw('2025-06-02', values, 15), quantity('factor', factor)],
      },
    ],
  })
  const flat = (power: number) => Array.from({ length: 7 * 96 }, () => power)
  t.same(linesOf(week(flat(100), '0.95')), [
    'energy solar: 3500 × 5.08 = 17780.00',
    'energy normal: 5600 × 6.35 = 35560.00',
    'energy peak: 2800 × 7.9375 = 22225.00',
    'energy night: 4900 × 5.715 = 28003.50',
    'demand: 225 × 608 = 136800.00',
    'duty: 103568.5 × 0.05 = 5178.43',
  ])
  t.equal(totalsOf(week(flat(100), '0.95')), '245546.93', '245 546.925 there, which rounds nothing')
  // One hour at 400 kW on Tuesday: 1270 more of energy, 119 200 more of demand.
  const tuesday = 96 + 14 * 4
  const spiked = flat(200).map((power, index) => (index >= tuesday && index < tuesday + 4 ? 400 : power))
  const amountOf = (given: Given, code: string): number =>
    linesOf(given)
      .filter((line) => line.startsWith(code))
      .reduce((sum, line) => sum + Number(line.split(' = ')[1]), 0)
  const [base, spike] = [week(flat(200), '0.95'), week(spiked, '0.95')]
  t.equal(Math.round(amountOf(spike, 'energy') - amountOf(base, 'energy')), 1270)
  t.equal(Math.round(amountOf(spike, 'demand') - amountOf(base, 'demand')), 119_200)
  const brief = flat(200).map((power, index) => (index === tuesday ? 400 : power))
  t.match(linesOf(week(brief, '1'))[4], /^demand: 300 × 608 /, 'a quarter of an hour counts half in half an hour')
  const [bad, good] = [linesOf(week(flat(300), '0.85')), linesOf(week(flat(300), '0.99'))]
  t.match(bad[5], /^factor: [\d.]+ × 0\.05 = /)
  t.match(good[5], /^factor: [\d.]+ × -0\.02 = -/)
})

t.test('an analyser of bills: least demand, reactive energy below a power factor', async (t) => {
  // electrical_tariff_calculator of an engineering toolbox.
  const flat: Given = {
    components: [
      { code: 'fixed', kind: 'fixed', per: 'period', price: '10' },
      usage(perUnit('0.15')),
      { code: 'tax', kind: 'percentage', of: ['fixed', 'energy'], percent: '5' },
    ],
    period: { quantities: [energy(3600)] },
  }
  t.equal(totalsOf(flat), '577.50')
  t.equal(totalsOf({ ...flat, period: { quantities: [energy(0)] } }), '10.50')
  const calendar = {
    name: 'week',
    slots: [
      { name: 'peak', when: [{ days: ['weekday'], windows: [{ from: '08:00', to: '18:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const below = (least: string) => ({
    is: 'less',
    of: [{ op: 'power_factor', active: 'energy', reactive: 'reactive', decimals: 6 }, least],
  })
  const reactive = (price: string, least: string) =>
    usage(perUnit(price), { code: 'reactive', quantity: 'reactive', unit: 'kvarh', when: below(least) })
  const leastDemand = (price: string, kwLeast: string) => ({
    code: 'demand',
    kind: 'usage',
    quantity: { op: 'max', of: ['demand', kwLeast] },
    unit: 'kW',
    model: perUnit(price),
  })
  const monday = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 10 : 3))
  const timeOfUse: Given = {
    version: { calendars: [calendar] },
    components: [
      { code: 'fixed', kind: 'fixed', per: 'period', price: '50' },
      usage({ kind: 'per_unit', prices: { peak: '0.25', off: '0.10' } }, { slots: { calendar: 'week' } }),
      leastDemand('5', '10'),
      reactive('0.5', '0.9'),
      { code: 'tax', kind: 'percentage', of: ['fixed', 'energy', 'demand', 'reactive'], percent: '8' },
    ],
    periods: [
      {
        start: '2023-01-02',
        end: '2023-01-08',
        quantities: [
          intervals('2023-01-02', monday),
          intervals('2023-01-07', hours(24, 4)),
          intervals('2023-01-03', hours(96, 0)),
          demand(5),
          quantity('reactive', 61),
        ],
      },
    ],
  }
  t.equal(totalsOf(timeOfUse), '149.90', '(50 + 38.80 + 50) × 1.08')
  const penalised = (kvarh: number, price: string, least: string): string =>
    totalsOf({
      components: [
        { code: 'fixed', kind: 'fixed', per: 'period', price: '100' },
        usage(perUnit('0.10')),
        reactive(price, least),
      ],
      period: { quantities: [energy(200), quantity('reactive', kvarh)] },
    })
  t.equal(penalised(90, '0.75', '0.95'), '187.50')
  t.equal(penalised(30, '0.75', '0.8'), '120.00')
  const demandOnly = (kwUsed: number): string =>
    linesOf({ components: [leastDemand('10', '20')], period: { quantities: [demand(kwUsed)] } })[0] ?? ''
  t.equal(demandOnly(15), 'demand: 20 × 10 = 200.00')
  t.equal(demandOnly(25), 'demand: 25 × 10 = 250.00')
})

t.test('Greece: market prices with bands, network charges by the day, a power factor of 0.85', async (t) => {
  // A cost engine for commercial contracts: prices per kWh of green, yellow and dynamic contracts, network charges.
  const perMwh = (tea: string) => product(tea, '0.001')
  const fluctuation = (tea: string) =>
    product('1.15', {
      op: 'add',
      of: [
        { op: 'max', of: ['0', { op: 'subtract', of: [perMwh(tea), '0.115'] }] },
        { op: 'min', of: ['0', { op: 'subtract', of: [perMwh(tea), '0.095'] }] },
      ],
    })
  const priceOf = (price: unknown): string => {
    const [line = ''] = linesOf({
      tariff: { mayBeNegative: true },
      version: { rounding: {} },
      components: [usage(perUnit(price))],
      period: { quantities: [energy(1)] },
    })
    return line.split(' = ')[0]?.split('× ')[1] ?? 'none'
  }
  const green = (base: string, discount: unknown, tea: string) => ({
    op: 'max',
    of: ['0', { op: 'add', of: [{ op: 'subtract', of: [base, discount] }, fluctuation(tea)] }],
  })
  const dynamic = (tea: string, base: string, loss = '1.135', margin = '0.015') => ({
    op: 'max',
    of: ['0', { op: 'add', of: [product(perMwh(tea), loss), margin, base] }],
  })
  const multiplier = (factor: string) => ({
    op: 'max',
    of: ['1', { op: 'divide', of: ['0.85', { op: 'max', of: [factor, '0.01'] }] }],
  })
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['above the band', fluctuation('135'), '0.023'],
    ['below it', fluctuation('75'), '-0.023'],
    ['green, a discount and a fluctuation', green('0.155', '0.020', '135'), '0.158'],
    ['green, ten per cent for paying in time', green('0.155', product('0.155', '0.10'), '105'), '0.1395'],
    ['yellow', dynamic('120', '0.040'), '0.1912'],
    ['dynamic', dynamic('120', '0.020'), '0.1712'],
    ['a spike', dynamic('350', '0.020'), '0.43225'],
    ['a price below nothing', dynamic('-10', '0.020'), '0.02365'],
    ['other losses and margins', dynamic('100', '0.04', '1.10', '0.010'), '0.16'],
    ['a power factor of 0.68', multiplier('0.68'), '1.25'],
    ['… of 0.50', multiplier('0.50'), '1.7'],
    ['… of 0.85', multiplier('0.85'), '1'],
    ['… of nothing', multiplier('0'), '85'],
  ]
  for (const [claim, price, expected] of rows) t.equal(priceOf(price), expected, claim)
  const network = ['0.01415', '0.00560', '0.01700', '0.00690', '0.00220', '0.00095']
  t.equal(priceOf({ op: 'add', of: network }), '0.0468')
  const capacity = (price: string) => ({
    code: `a${price.slice(-2)}`,
    kind: 'fixed',
    quantity: '35',
    unit: 'kVA',
    per: 'year',
    price,
  })
  t.same(
    linesOf({
      components: [capacity('4.434'), capacity('4.430')],
      periods: [{ start: '2026-01-01', end: '2027-01-01' }],
    }),
    ['a34: 35 × 4.434 = 155.19', 'a30: 35 × 4.43 = 155.05'],
  )
  // 10 kW too much for two hours at 0.08, 6 % of tax.
  t.equal(
    totalsOf({
      components: [
        usage(perUnit('0.08'), { quantity: product('10', '2') }),
        { code: 'tax', kind: 'percentage', of: ['energy'], percent: '6' },
      ],
    }),
    '1.70',
  )
})

t.test('ratchets: seasons before, a share of what was billed, the mean of three peaks', async (t) => {
  // By the rule of EnergyPlus, UtilityCost:Ratchet; loads are ours: each month is at least 80 % of the highest of summer.
  const months = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`)
  const peaks = [100, 110, 120, 150, 180, 220, 250, 240, 200, 160, 120, 100]
  const summer = { op: 'history', name: 'demand', months: { listed: [4, 5, 6, 7, 8, 9] }, take: 'highest' }
  const ratcheted = (month: number): string =>
    totalsOf({
      components: [
        {
          code: 'demand',
          kind: 'usage',
          unit: 'kW',
          quantity: { op: 'max', of: ['demand', product('0.80', summer)] },
          model: perUnit('1'),
        },
      ],
      periods: [
        {
          start: `2026-${String(month).padStart(2, '0')}-01`,
          end: `2026-${String(month + 1).padStart(2, '0')}-01`,
          quantities: [demand(peaks[month - 1] ?? 0)],
        },
      ],
      usage: {
        opening: {
          quantities: months.map((one, index) => ({ name: 'demand', month: one, value: String(peaks[index]) })),
        },
      },
    })
  t.same([1, 2, 4, 6].map(ratcheted), ['200.00', '200.00', '200.00', '220.00'])
  // By the rates of a planner of billing months; loads are ours: 120 + 24.74 a kW of the mean of three peaks, at least 60 % of the highest before
  // and 50 kW, 0.04143 a kWh.
  const past = { op: 'history', name: 'top', months: { preceding: 11 }, take: 'highest' }
  const billed = (kwMean: number, kwh: number, before: string): string =>
    totalsOf({
      components: [
        monthly('customer', '120'),
        {
          code: 'demand',
          kind: 'usage',
          unit: 'kW',
          quantity: { op: 'max', of: ['top', product('0.60', past), '50'] },
          model: perUnit('24.74'),
        },
        usage(perUnit('0.04143')),
      ],
      period: { quantities: [quantity('top', kwMean, { unit: 'kW' }), energy(kwh)] },
      usage: { opening: { quantities: [{ name: 'top', month: '2026-01', value: before }] } },
    })
  t.equal(billed(200, 50_000, '100'), '7139.50')
  t.equal(billed(40, 10_000, '200'), '3503.10')
  t.equal(billed(20, 0, '10'), '1357.00')
})
