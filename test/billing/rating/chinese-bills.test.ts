import t from 'tap'
import { billOf, energy, type Given, intervals, ladder, linesOf, quantity, totalsOf } from './offline.js'

const fen = { mode: 'half_up', decimals: 2 }
const wholes = { mode: 'half_up', decimals: 0 }
const perUnit = (price: string) => ({ kind: 'per_unit', price })
const register = (start: string, end: string, multiplier: string, more: object = {}) => ({
  name: 'energy',
  register: { start, end, multiplier },
  ...more,
})
/** Basic charge on what the equipment is, days counted of thirty. */
const capacity = (price: string, charged: readonly string[] = ['in_service'], more: object = {}) => ({
  code: 'capacity',
  kind: 'fixed',
  quantity: { op: 'equipment', charged, ...more },
  unit: 'kVA',
  price,
  per: 'month',
  dayCount: { days: '30' },
})
const adjusted = (code: string, amount: object, more: object = {}) => ({ code, kind: 'amount', amount, ...more })
const product = (...of: readonly unknown[]) => ({ op: 'multiply', of })
const nothing = [{ code: 'energy', kind: 'usage', model: perUnit('0.5') }]
const adjustment = (adjustments: readonly object[]): Given => ({
  components: nothing,
  period: { quantities: [energy(0)], adjustments },
})

t.test('published ladders', async (t) => {
  const rows: readonly (readonly [string, Given, string])[] = [
    // gaokao01.com/know/117843: Hunan, July, 500 kWh: the whole at the base price, increments on top.
    [
      'increments',
      {
        components: [
          { code: 'base', kind: 'usage', model: perUnit('0.588') },
          {
            code: 'ladder',
            kind: 'usage',
            model: {
              kind: 'graduated',
              blocks: [
                { upTo: '180' },
                {
                  upTo: { op: 'if', when: { is: 'month', of: [6, 7, 8, 12, 1, 2] }, yes: '450', no: '350' },
                  price: '0.05',
                },
                { price: '0.30' },
              ],
            },
          },
        ],
        periods: [{ start: '2026-07-01', end: '2026-08-01', quantities: [energy(500)] }],
      },
      '322.50',
    ],
    // w09.net: a summer month of 650 kWh, limits 260 and 600.
    [
      'a summer month',
      {
        components: [
          {
            code: 'energy',
            kind: 'usage',
            model: ladder([
              ['260', '0.64'],
              ['600', '0.69'],
              [null, '0.94'],
            ]),
          },
        ],
        period: { quantities: [energy(650)] },
      },
      '448.00',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

t.test('registers and multipliers', async (t) => {
  const charged = (entry: object, price: string, energyRounding = 'none'): Given => ({
    components: [{ code: 'energy', kind: 'usage', model: perUnit(price) }],
    version: { energyRounding },
    period: { quantities: [entry] },
  })
  const quantityOf = (given: Given) => billOf(given).periods[0]?.lines[0]?.quantity
  // 360doc 20/1015/16: 50/5 and 35000/100; 50/5 alone, whole kWh; 85l.net 154239019: 50/5 and 10000/100.
  t.equal(quantityOf(charged(register('139.73', '248.54', '3500'), '1')), '380835')
  t.equal(quantityOf(charged(register('165.14', '487.78', '10'), '1', 'difference_half_up')), '3226')
  t.equal(quantityOf(charged(register('165.14', '487.78', '10'), '1', 'reading_truncated')), '3220')
  t.equal(totalsOf(charged(register('2155', '2305', '1000'), '0.53')), '79500.00')
  const turned = { name: 'energy', register: { start: '999990.5', end: '12.5', digits: 6, turnedOver: true } }
  t.equal(quantityOf(charged(turned, '1')), '22')
})

t.test('capacity by days', async (t) => {
  const unit = (rating: string, state: string, more: object = {}) => ({
    name: `${rating} ${state}`,
    rating,
    state,
    ...more,
  })
  const rows: readonly (readonly [string, object, readonly object[], readonly [string, string], string])[] = [
    // ptmygj.cn 3268794: 315 kVA replaced by 400 on 12 May, read on the 24th, 10 yuan.
    [
      'a larger one for the rest of the period',
      capacity('10'),
      [unit('315', 'in_service', { to: '2026-05-12' }), unit('400', 'in_service', { from: '2026-05-12' })],
      ['2026-04-24', '2026-05-24'],
      '3490.00',
    ],
    // daowen.com lilun/1083847: one running, one hot standby, one cold and sealed; 28 yuan.
    [
      'hot standby counts, cold does not',
      capacity('28', ['in_service', 'hot_standby']),
      [unit('1000', 'in_service'), unit('1000', 'hot_standby'), unit('1000', 'cold_standby')],
      ['2026-06-01', '2026-07-01'],
      '56000.00',
    ],
    [
      'of an interlocked pair the larger one',
      capacity('28'),
      [unit('1000', 'in_service', { interlock: 'a' }), unit('630', 'in_service', { interlock: 'a' })],
      ['2026-06-01', '2026-07-01'],
      '28000.00',
    ],
    [
      'a suspension of ten days counts for nothing',
      capacity('30', ['in_service'], { leastSuspendedDays: 15 }),
      [
        unit('1000', 'in_service', { to: '2026-06-11' }),
        unit('1000', 'suspended', { from: '2026-06-11', to: '2026-06-21' }),
        unit('1000', 'in_service', { from: '2026-06-21' }),
      ],
      ['2026-06-01', '2026-07-01'],
      '30000.00',
    ],
    [
      'one of fifteen days counts',
      capacity('30', ['in_service'], { leastSuspendedDays: 15 }),
      [
        unit('1000', 'in_service', { to: '2026-06-11' }),
        unit('1000', 'suspended', { from: '2026-06-11', to: '2026-06-26' }),
        unit('1000', 'in_service', { from: '2026-06-26' }),
      ],
      ['2026-06-01', '2026-07-01'],
      '15000.00',
    ],
    [
      'days of thirty in a month of 31',
      capacity('30'),
      [unit('1000', 'in_service', { to: '2026-07-11' }), unit('500', 'in_service', { from: '2026-07-11' })],
      ['2026-07-01', '2026-08-01'],
      '20500.00',
    ],
    [
      'days of the calendar month',
      { ...capacity('31'), dayCount: 'calendar' },
      [unit('1000', 'in_service', { to: '2026-07-11' }), unit('500', 'in_service', { from: '2026-07-11' })],
      ['2026-07-01', '2026-08-01'],
      '20500.00',
    ],
  ]
  for (const [claim, component, equipment, [start, end], expected] of rows)
    t.equal(totalsOf({ components: [component], periods: [{ start, end }], usage: { equipment } }), expected, claim)
})

t.test('contracted demand', async (t) => {
  const fact = { op: 'fact', name: 'contracted_kw' }
  const limit = product('1.05', fact)
  const component = (quantityOf: unknown) => ({
    code: 'demand',
    kind: 'fixed',
    quantity: quantityOf,
    unit: 'kW',
    price: '40',
    per: 'month',
  })
  const within = { is: 'less_or_equal', of: ['demand', limit] }
  const excess = { op: 'add', of: [limit, product('2', { op: 'subtract', of: ['demand', limit] })] }
  const rule105 = component({ op: 'if', when: within, yes: fact, no: excess })
  const charged = (kw: string, rule: object): Given => ({
    components: [rule],
    period: { quantities: [quantity('demand', kw, { unit: 'kW' })] },
    usage: { facts: [{ name: 'contracted_kw', value: '1000' }] },
  })
  // 58z.net 310404533 (发改价格〔2005〕514号): 1000 agreed, 1300 metered: 1050 and twice 250.
  t.same(linesOf(charged('1300', rule105)), ['demand: 1550 × 40 = 62000.00'])
  t.same(linesOf(charged('1050', rule105)), ['demand: 1000 × 40 = 40000.00'])
  t.same(linesOf(charged('600', rule105)), ['demand: 1000 × 40 = 40000.00'])
  // daowen.com lilun/1083847: 800 kVA, 228 kW metered, at least 40 % of the capacity; 39 yuan.
  const floor = component({ op: 'max', of: ['demand', product('0.4', '800')] })
  t.equal(totalsOf(charged('228', { ...floor, price: '39' })), '12480.00')
  // A contracted value raised on 16 June: half of the month each.
  const raised = {
    ...charged('900', rule105),
    usage: {
      facts: [
        { name: 'contracted_kw', value: '1000', to: '2026-06-16' },
        { name: 'contracted_kw', value: '1200', from: '2026-06-16' },
      ],
    },
  }
  t.same(linesOf(raised), ['demand: 500 × 40 = 20000.00', 'demand: 600 × 40 = 24000.00'])
  // 浙江第三监管周期: 260 kWh and more per contracted kW: 90 % of the price.
  const loaded = {
    ...rule105,
    price: {
      op: 'if',
      when: { is: 'greater_or_equal', of: ['energy', product('260', fact)] },
      yes: product('0.9', '40'),
      no: '40',
    },
  }
  const used = (kwh: number): Given => ({
    ...charged('1000', loaded),
    period: { quantities: [quantity('demand', '1000', { unit: 'kW' }), energy(kwh)] },
  })
  t.equal(totalsOf(used(260_000)), '36000.00')
  t.equal(totalsOf(used(259_999)), '40000.00')
})

t.test('a transformer changed within the month, by two settlements', async (t) => {
  // dushuang.com 981711: 50 kVA with table losses of 304 kWh for 20 of 30 days, then 200 kVA with time of use and 0.91.
  const prices = { peak: product('1.6', '0.5'), flat: '0.5', valley: product('0.4', '0.5') }
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
      { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
      { name: 'flat', otherwise: true },
    ],
    residual: 'flat',
  }
  const isFirst = { is: 'fact', name: 'metering', value: 'single' }
  const given: Given = {
    components: [
      { code: 'energy', kind: 'usage', when: isFirst, model: perUnit('0.5') },
      {
        code: 'tou',
        kind: 'usage',
        when: { is: 'not', of: isFirst },
        slots: { calendar: 'day' },
        model: { kind: 'per_unit', prices },
      },
      {
        code: 'power_factor',
        kind: 'power_factor',
        when: { is: 'not', of: isFirst },
        of: ['tou'],
        given: '0.91',
        table: { standard: '0.90' },
      },
    ],
    version: { calendars: [calendar], lossRounding: wholes },
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-21',
        settlement: { number: 1, last: false },
        quantities: [register('1500', '1800', '20')],
        losses: [{ kind: 'table', rows: [{ activeLoss: '304' }], days: '20', monthDays: '30' }],
      },
      {
        start: '2026-06-21',
        end: '2026-07-01',
        settlement: { number: 2, last: true },
        quantities: [
          register('0', '180', '200'),
          register('0', '40', '200', { slot: 'peak' }),
          register('0', '30', '200', { slot: 'valley' }),
        ],
      },
    ],
    usage: {
      facts: [
        { name: 'metering', value: 'single', to: '2026-06-21' },
        { name: 'metering', value: 'tou', from: '2026-06-21' },
      ],
    },
  }
  t.same(linesOf(given), [
    'energy: 6203 × 0.5 = 3101.50',
    'tou peak: 8000 × 0.8 = 6400.00',
    'tou valley: 6000 × 0.2 = 1200.00',
    'tou flat: 22000 × 0.5 = 11000.00',
    'power_factor: 18600 × -0.0015 = -27.90',
  ])
})

t.test('adjustments and misuse', async (t) => {
  const price = (kva: string, yuan: string, months: string) => product(kva, yuan, months)
  const rows: readonly (readonly [string, readonly object[], readonly string[]])[] = [
    // livelovelifegateway.com 9676523: 2000 kVA unsealed from 10 May to 30 July: 21/30 and two months.
    [
      'unsealed equipment',
      [adjusted('capacity_due', { op: 'add', of: [price('2000', '15', '21/30'), price('2000', '15', '2')] })],
      ['capacity_due: 1 × 81000 = 81000.00'],
    ],
    // m.274949.com 704/t28851053: 315 kVA added from 25 August to 30 September; threefold.
    [
      'capacity added in secret',
      [
        adjusted('capacity_due', { op: 'add', of: [price('315', '20', '7/30'), price('315', '20', '1')] }),
        adjusted('misuse', { op: 'amount', of: ['capacity_due'], takes: 'exact' }, { multiple: '3' }),
      ],
      ['capacity_due: 1 × 7770 = 7770.00', 'misuse: 1 × 7770 × 3 = 23310.00'],
    ],
    // dushuang.com 981708: 2 kW for 180 days of 12 hours at 0.40; threefold.
    [
      'theft of energy',
      [
        adjusted('energy_due', product('2', '180', '12', '0.40'), { quantity: product('2', '180', '12'), unit: 'kWh' }),
        adjusted('misuse', { op: 'amount', of: ['energy_due'], takes: 'rounded' }, { multiple: '3' }),
      ],
      ['energy_due: 4320 × 0.4 = 1728.00', 'misuse: 1 × 1728 × 3 = 5184.00'],
    ],
    // tk.swop.cn 5076399: energy of two classes at the residential price; twice the exact difference.
    [
      'a dearer use, twice the exact difference',
      [
        adjusted('difference', {
          op: 'add',
          of: [
            product('5400', { op: 'subtract', of: ['0.7625', '0.5653'] }),
            product('1620', { op: 'subtract', of: ['0.8895', '0.5653'] }),
          ],
        }),
        adjusted('misuse', { op: 'amount', of: ['difference'], takes: 'exact' }, { multiple: '2' }),
      ],
      ['difference: 1 × 1590.084 = 1590.08', 'misuse: 1 × 1590.084 × 2 = 3180.17'],
    ],
    [
      'twice the rounded difference',
      [
        adjusted('difference', product('5400', '0.29446')),
        adjusted('misuse', { op: 'amount', of: ['difference'], takes: 'rounded' }, { multiple: '2' }),
      ],
      ['difference: 1 × 1590.084 = 1590.08', 'misuse: 1 × 1590.08 × 2 = 3180.16'],
    ],
    // A meter 3 % slow on 9700 kWh: 9700 ÷ 0.97 − 9700 = 300 kWh.
    [
      'a quotient',
      [
        adjusted(
          'slow_meter',
          product({ op: 'subtract', of: [{ op: 'divide', of: ['9700', '0.97'] }, '9700'] }, '0.5'),
        ),
      ],
      ['slow_meter: 1 × 150 = 150.00'],
    ],
    [
      'money back',
      [adjusted('refund', product('100', '0.125'), { multiple: '-1' })],
      ['refund: 1 × 12.5 × -1 = -12.50'],
    ],
  ]
  for (const [claim, adjustments, expected] of rows) t.same(linesOf(adjustment(adjustments)), expected, claim)
  const third = adjustment([adjusted('thirds', { op: 'divide', of: ['100', '3'] })])
  t.match(billOf(third).periods[0]?.lines[0], { amountExact: '100/3', amount: '33.33' })
})

t.test('power factor, by all tables', async (t) => {
  const rows: readonly (readonly ['0.90' | '0.85' | '0.80', string, string])[] = [
    ['0.90', '1', '-0.75'],
    ['0.90', '0.94', '-0.60'],
    ['0.90', '0.90', '0.00'],
    ['0.90', '0.70', '10.00'],
    ['0.90', '0.69', '11.00'],
    ['0.90', '0.65', '15.00'],
    ['0.90', '0.64', '17.00'],
    ['0.90', '0.54', '37.00'],
    ['0.85', '0.95', '-1.10'],
    ['0.85', '0.91', '-0.65'],
    ['0.85', '0.90', '-0.50'],
    ['0.85', '0.86', '-0.10'],
    ['0.85', '0.65', '10.00'],
    ['0.85', '0.64', '11.00'],
    ['0.85', '0.59', '17.00'],
    ['0.80', '0.92', '-1.30'],
    ['0.80', '0.91', '-1.15'],
    ['0.80', '0.79', '0.50'],
    ['0.80', '0.60', '10.00'],
    ['0.80', '0.55', '15.00'],
    ['0.80', '0.54', '17.00'],
  ]
  for (const [standard, given, percent] of rows) {
    const component = { code: 'adjusted', kind: 'power_factor', of: ['base'], given, table: { standard } }
    const lines = linesOf({ components: [{ code: 'base', kind: 'fixed', price: '100', per: 'period' }, component] })
    t.equal(lines[1]?.split(' = ')[1] ?? '0.00', percent, `${standard} at ${given}`)
  }
  const metered = (active: string, reactive: string) =>
    billOf({
      components: [
        { code: 'base', kind: 'fixed', price: '100', per: 'period' },
        { code: 'adjusted', kind: 'power_factor', of: ['base'], table: { standard: '0.90' } },
      ],
      period: { quantities: [energy(active), quantity('reactive', reactive)] },
    }).periods[0]?.quantities.find(({ name }) => name === 'power_factor')?.value
  t.equal(metered('100', '48'), '0.9')
  t.equal(metered('8000', '6000'), '0.8')
  t.equal(metered('0', '0'), undefined, 'nothing is adjusted where nothing was used')
  // Irrational cosines next to the border of two decimals: 1000 and 470.13 give 0.90497…, 1000 and 470.0 0.90502….
  t.equal(metered('1000', '470.13'), '0.9')
  t.equal(metered('1000', '470'), '0.91')
})

/** Shandong's residential ladder by the year (鲁发改价格〔2019〕509号). */
const shandong = (more: object = {}, times = 'months') => ({
  code: 'energy',
  kind: 'usage',
  model: {
    kind: 'graduated',
    blocks: [
      {
        upTo: { op: 'if', when: { is: 'fact', name: 'household', value: 'large' }, yes: '310', no: '210' },
        price: '0.5469',
      },
      { upTo: '400', price: '0.5969' },
      { price: '0.8469' },
    ],
    scope: { of: 'year', times, prorateOn: ['transfer', 'closing'], reclear: 'transfer_and_closing', ...more },
  },
})

t.test('a ladder over the year', async (t) => {
  const period = (start: string, end: string, kwh: number, more: object = {}) => ({
    start,
    end,
    quantities: [energy(kwh)],
    ...more,
  })
  const year: Given = {
    components: [shandong()],
    periods: [
      period('2026-01-01', '2026-07-01', 2500),
      period('2026-07-01', '2026-08-01', 100),
      period('2026-08-01', '2027-01-01', 2300),
    ],
  }
  t.same(linesOf(year), [
    'energy 1: 2500 × 0.5469 = 1367.25',
    'energy 1: 20 × 0.5469 = 10.94',
    'energy 2: 80 × 0.5969 = 47.75',
    'energy 2: 2200 × 0.5969 = 1313.18',
    'energy 3: 100 × 0.8469 = 84.69',
  ])
  // In use from 10 August: five months, so 1050 and 2000.
  const late: Given = {
    components: [shandong()],
    usage: { inUseFrom: '2026-08-10' },
    periods: [period('2026-08-10', '2027-01-01', 2100)],
  }
  t.same(linesOf(late), [
    'energy 1: 1050 × 0.5469 = 574.25',
    'energy 2: 950 × 0.5969 = 567.06',
    'energy 3: 100 × 0.8469 = 84.69',
  ])
  // The owner moves out on 11 May: five months are 1050 and 2000; 1200 kWh so far were all in the first block.
  const moved: Given = {
    components: [shandong()],
    periods: [period('2026-01-01', '2026-05-01', 1200), period('2026-05-01', '2026-05-11', 100, { kind: 'closing' })],
  }
  t.same(linesOf(moved), [
    'energy 1: 1200 × 0.5469 = 656.28',
    'energy 1: -150 × 0.5469 = -82.04',
    'energy 2: 250 × 0.5969 = 149.23',
  ])
  t.match(linesOf({ ...moved, components: [shandong({ prorateOn: [], reclear: 'never' })] }), [
    'energy 1: 1200 × 0.5469 = 656.28',
    'energy 1: 100 × 0.5469 = 54.69',
  ])
  // A household of five is granted on 15 June, from July on: 6 × 210 + 6 × 310 = 3120.
  const large: Given = {
    components: [shandong()],
    usage: { facts: [{ name: 'household', value: 'large', from: '2026-06-15' }] },
    periods: [period('2026-01-01', '2027-01-01', 3200)],
  }
  t.same(linesOf(large), ['energy 1: 3120 × 0.5469 = 1706.33', 'energy 2: 80 × 0.5969 = 47.75'])
  const atOnce = { ...large, components: [shandong({ factsAt: 'end' })] }
  t.match(linesOf(atOnce)[0], /^energy 1: 3200 /, 'or in the month itself: 5 × 210 + 7 × 310 = 3220')
  // From the last reading day of the old year to that of the new one.
  const readingYear: Given = {
    components: [shandong({ yearStart: '12-25' })],
    periods: [period('2025-12-25', '2026-12-25', 2530), period('2026-12-25', '2027-01-25', 100)],
  }
  t.match(linesOf(readingYear).at(-1), 'energy 1: 100 × 0.5469 = 54.69')
  t.match(linesOf({ components: [shandong()], periods: [period('2025-12-20', '2026-01-20', 300)] }), [
    /^period_crosses_scope /,
  ])
  const split = {
    components: [shandong({ crossing: 'split' })],
    periods: [
      {
        start: '2025-12-20',
        end: '2026-01-20',
        quantities: [energy(120, { to: '2026-01-01' }), energy(200, { from: '2026-01-01' })],
      },
    ],
    usage: {
      opening: { blocks: [{ component: 'energy', scope: '2025-01-01', used: '4750', byBlock: ['2520', '2230', '0'] }] },
    },
  }
  t.same(linesOf(split), [
    'energy 2: 50 × 0.5969 = 29.85',
    'energy 3: 70 × 0.8469 = 59.28',
    'energy 1: 200 × 0.5469 = 109.38',
  ])
})

t.test('time of use on top of a ladder, and a free quota', async (t) => {
  const calendar = {
    name: 'home',
    slots: [
      {
        name: 'peak',
        when: [
          { months: [4, 5, 6, 7, 8, 9, 10], windows: [{ from: '08:00', to: '22:00' }] },
          { months: [11, 12, 1, 2, 3], windows: [{ from: '08:00', to: '20:00' }] },
        ],
      },
      { name: 'valley', otherwise: true },
    ],
  }
  const increments = {
    code: 'ladder',
    kind: 'usage',
    model: { kind: 'graduated', blocks: [{ upTo: '210' }, { upTo: '400', price: '0.05' }, { price: '0.30' }] },
  }
  const tou = (free: object = {}) => ({
    code: 'energy',
    kind: 'usage',
    slots: { calendar: 'home' },
    model: { kind: 'per_unit', prices: { peak: '0.5769', valley: '0.3769' } },
    ...free,
  })
  const used = (peak: number, valley: number, components: readonly object[]): Given => ({
    components,
    version: { calendars: [calendar] },
    period: { quantities: [energy(peak, { slot: 'peak' }), energy(valley, { slot: 'valley' })] },
  })
  t.equal(totalsOf(used(150, 100, [tou()])), '124.23', 'as billing-rules E10 has it')
  t.same(linesOf(used(300, 150, [tou(), increments])), [
    'energy peak: 300 × 0.5769 = 173.07',
    'energy valley: 150 × 0.3769 = 56.54',
    'ladder 2: 190 × 0.05 = 9.50',
    'ladder 3: 50 × 0.3 = 15.00',
  ])
  // 15 kWh free, split as the slots are; they do not lower what fills the ladder.
  t.same(linesOf(used(300, 150, [tou({ free: '15' })])), [
    'energy peak: 290 × 0.5769 = 167.30',
    'energy valley: 145 × 0.3769 = 54.65',
  ])
  const winter = {
    ...used(0, 0, [tou()]),
    periods: [
      {
        start: '2026-11-01',
        end: '2026-11-02',
        quantities: [
          intervals(
            '2026-11-01',
            Array.from({ length: 24 }, () => '1'),
          ),
        ],
      },
    ],
  }
  t.same(linesOf(winter), ['energy peak: 12 × 0.5769 = 6.92', 'energy valley: 12 × 0.3769 = 4.52'])
})

t.test('sub-meters, shares and losses', async (t) => {
  const calendar = {
    name: 'day',
    residual: 'flat',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
      { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
      { name: 'flat', otherwise: true },
    ],
  }
  const tou = {
    code: 'energy',
    kind: 'usage',
    slots: { calendar: 'day' },
    model: { kind: 'per_unit', prices: { peak: '3', flat: '2', valley: '1' } },
  }
  const lighting = { code: 'lighting', kind: 'usage', quantity: 'lit', model: perUnit('5') }
  const bySlot = [energy(400, { slot: 'peak' }), energy(350, { slot: 'flat' }), energy(250, { slot: 'valley' })]
  const resolved = (
    period: object,
    version: object = {},
    components: readonly object[] = [tou, lighting],
  ): readonly string[] =>
    linesOf({ components, version: { calendars: [calendar], ...version }, period: { quantities: bySlot, ...period } })
  const parts = (...sums: readonly string[]) =>
    ['energy peak', 'energy valley', 'energy flat', 'lighting'].map((name, index) => `${name}: ${sums[index]}`)
  t.same(
    resolved({ relations: [{ name: 'lit', kind: 'fixed', value: '100', from: { slots: ['flat'] } }] }),
    parts('400 × 3 = 1200.00', '250 × 1 = 250.00', '250 × 2 = 500.00', '100 × 5 = 500.00'),
  )
  t.same(
    resolved({ relations: [{ name: 'lit', kind: 'ratio', value: '0.1' }] }),
    parts('360 × 3 = 1080.00', '225 × 1 = 225.00', '315 × 2 = 630.00', '100 × 5 = 500.00'),
  )
  // A share of what a fixed quantity leaves, whole kWh.
  const both = {
    relations: [
      { name: 'lit', kind: 'ratio', value: '0.3333', rounding: wholes, from: { slots: ['flat', 'peak'] } },
      { name: 'office', kind: 'fixed', value: '100', from: { slots: ['flat'] } },
    ],
  }
  t.same(
    resolved(both),
    parts('350 × 3 = 1050.00', '250 × 1 = 250.00', '0 × 2 = 0.00', '300 × 5 = 1500.00').filter(
      (line) => !line.includes(': 0 '),
    ),
  )
  const child = {
    quantities: [...bySlot, quantity('lit', 400)],
    relations: [{ name: 'lit', kind: 'sub_meter', from: { slots: ['flat', 'peak', 'valley'] } }],
  }
  t.same(
    resolved(child),
    parts('350 × 3 = 1050.00', '250 × 1 = 250.00', '0', '400 × 5 = 2000.00').filter((line) => !line.endsWith(': 0')),
  )
  t.match(resolved({ relations: [{ name: 'lit', kind: 'fixed', value: '1001' }] }), [/^parent_below_children /])
  // Losses wholly on the flat slot, or as energy lies.
  const loss = { losses: [{ kind: 'given', activeLoss: '10.4' }] }
  t.same(resolved(loss, { lossShare: 'residual', lossRounding: wholes }, [tou]).at(-1), 'energy flat: 360 × 2 = 720.00')
  t.same(resolved(loss, { lossRounding: wholes }, [tou]), [
    'energy peak: 404 × 3 = 1212.00',
    'energy valley: 252 × 1 = 252.00',
    'energy flat: 354 × 2 = 708.00',
  ])
  // P0·24·D + k·(Wp²+Wq²)·Pk ÷ (S²·24·D): 0.57·720 + 3.6·(30000²+40000²)·3.1 ÷ (400²·720) = 410.4 + 242.1875 = 652.5875.
  const formula: Given = {
    components: [{ code: 'energy', kind: 'usage', model: perUnit('1') }],
    period: {
      quantities: [energy(30_000), quantity('reactive', 40_000)],
      losses: [
        { kind: 'formula', reactive: 'reactive', ratedKva: '400', noLoadKw: '0.57', loadKw: '3.1', shiftFactor: '3.6' },
      ],
    },
  }
  t.same(linesOf(formula), ['energy: 30652.5875 × 1 = 30652.59'])
  t.same(linesOf({ ...formula, version: { energyRounding: 'after_loss_half_up' } }), ['energy: 30653 × 1 = 30653.00'])
})

t.test('composition of the agency price, and what floats', async (t) => {
  // State Grid Hubei, January 2026: two-part 1–10 kV; the base floats, funds and the rest do not.
  const flat = { op: 'add', of: ['0.384470', '0.013643'] }
  const calendar = {
    name: 'hubei',
    slots: [
      { name: 'flat', otherwise: true },
      {
        name: 'valley',
        when: [
          {
            windows: [
              { from: '00:00', to: '06:00' },
              { from: '12:00', to: '14:00' },
            ],
          },
        ],
      },
    ],
  }
  const given: Given = {
    components: [
      {
        code: 'purchase',
        kind: 'usage',
        slots: { calendar: 'hubei' },
        model: { kind: 'per_unit', prices: { flat, valley: product('0.45', flat) } },
        tags: ['adjusted'],
      },
      { code: 'grid', kind: 'usage', model: perUnit('0.1263'), tags: ['adjusted'] },
      { code: 'system', kind: 'usage', model: perUnit('0.082273') },
      { code: 'fund_grid', kind: 'usage', model: perUnit('0.02') },
      { code: 'fund_reservoir', kind: 'usage', model: perUnit('0.0062') },
      { code: 'fund_renewable', kind: 'usage', model: perUnit('0.019') },
      { code: 'power_factor', kind: 'power_factor', of: ['#adjusted'], given: '0.85', table: { standard: '0.90' } },
    ],
    version: { calendars: [calendar] },
    period: { quantities: [energy(600_000, { slot: 'flat' }), energy(400_000, { slot: 'valley' })] },
  }
  const { byComponent, amount } = billOf(given).periods[0]?.totals ?? { byComponent: [], amount: '' }
  t.same(
    byComponent.map((one) => `${one.component} ${one.amount}`),
    [
      'purchase 310528.14',
      'grid 126300.00',
      'system 82273.00',
      'fund_grid 20000.00',
      'fund_reservoir 6200.00',
      'fund_renewable 19000.00',
      'power_factor 10920.70',
    ],
  )
  t.equal(amount, '575221.84')
})

t.test('photovoltaic surplus is paid for and nets nothing', async (t) => {
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: ladder([
          ['210', '0.5469'],
          [null, '0.5969'],
        ]),
      },
      { code: 'feed_in', kind: 'usage', quantity: 'export', multiple: '-1', model: perUnit('0.3949') },
    ],
    period: { quantities: [energy(250), quantity('export', 400)] },
  }
  t.same(linesOf(given), [
    'energy 1: 210 × 0.5469 = 114.85',
    'energy 2: 40 × 0.5969 = 23.88',
    'feed_in: 400 × 0.3949 × -1 = -157.96',
  ])
  t.equal(totalsOf(given), '-19.23')
})

t.test('spot prices per interval, with a share and a constant', async (t) => {
  const series = { name: 'spot', start: '2026-06-01', minutes: 15, values: ['0.10', '0.20', '-0.05', '0.40'] }
  const spot = (more: object = {}): Given => ({
    components: [
      { code: 'spot', kind: 'usage', model: { kind: 'interval_prices', series: 'spot', add: '0.01' }, ...more },
    ],
    tariff: { mayBeNegative: true },
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-01T01:00',
        quantities: [
          {
            name: 'energy',
            intervals: { start: '2026-06-01', minutes: 15, unit: 'kW', values: ['40', '80', '120', '160'] },
          },
        ],
      },
    ],
    usage: { series: [series] },
  })
  // 10 × 0.11 + 20 × 0.21 + 30 × −0.04 + 40 × 0.41 = 20.5
  t.equal(totalsOf(spot()), '20.50')
  t.equal(totalsOf(spot({ share: '0.3' })), '6.15')
  t.match(linesOf({ ...spot(), tariff: {} }), [/^negative_price /])
})

t.test('several settlements of a month', async (t) => {
  const settlement = (number: number, start: string, end: string, kwh: number, kw: number) => ({
    start,
    end,
    settlement: { number, last: number === 3 },
    quantities: [energy(kwh), quantity('reactive', kwh / 2), quantity('demand', kw, { unit: 'kW' })],
  })
  const given: Given = {
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('0.6') },
      { code: 'demand', kind: 'fixed', level: 'month', quantity: 'demand', unit: 'kW', price: '40', per: 'month' },
      {
        code: 'power_factor',
        kind: 'power_factor',
        level: 'month',
        of: ['energy', 'demand'],
        table: { standard: '0.90' },
      },
    ],
    periods: [
      settlement(1, '2026-06-01', '2026-06-11', 1000, 90),
      settlement(2, '2026-06-11', '2026-06-21', 2000, 120),
      settlement(3, '2026-06-21', '2026-07-01', 3000, 80),
    ],
  }
  // 0.89 of the month: 0.5 % of 3600.00 and 4800.00.
  t.same(linesOf(given), [
    'energy: 1000 × 0.6 = 600.00',
    'energy: 2000 × 0.6 = 1200.00',
    'energy: 3000 × 0.6 = 1800.00',
    'demand: 120 × 40 = 4800.00',
    'power_factor: 8400 × 0.005 = 42.00',
  ])
})

t.test('a month-level charge by slot and on metered demand sees all settlements', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const values = (highest: string) => Array.from({ length: 24 }, (_, hour) => (hour === 12 ? highest : '1'))
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        level: 'month',
        slots: { calendar: 'day' },
        model: { kind: 'per_unit', prices: { peak: '2', off: '1' } },
      },
      {
        code: 'demand',
        kind: 'usage',
        level: 'month',
        unit: 'kW',
        quantity: { op: 'demand', of: 'energy', minutes: 60 },
        model: perUnit('10'),
      },
    ],
    version: { calendars: [calendar] },
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-02',
        settlement: { number: 1, last: false },
        quantities: [intervals('2026-06-01', values('9'))],
      },
      {
        start: '2026-06-02',
        end: '2026-06-03',
        settlement: { number: 2, last: true },
        quantities: [intervals('2026-06-02', values('5'))],
      },
    ],
  }
  t.same(linesOf(given), ['energy peak: 36 × 2 = 72.00', 'energy off: 24 × 1 = 24.00', 'demand: 9 × 10 = 90.00'])
})

t.test('single-part becomes two-part within the month', async (t) => {
  const isTwoPart = { is: 'fact', name: 'mode', value: 'two_part' }
  const given: Given = {
    components: [
      { code: 'single', kind: 'usage', when: { is: 'not', of: isTwoPart }, model: perUnit('0.7') },
      { code: 'energy', kind: 'usage', when: isTwoPart, model: perUnit('0.6') },
      { code: 'capacity', kind: 'fixed', when: isTwoPart, quantity: '400', unit: 'kVA', price: '30', per: 'month' },
    ],
    period: { quantities: [energy(1000, { to: '2026-06-16' }), energy(3000, { from: '2026-06-16' })] },
    usage: {
      facts: [
        { name: 'mode', value: 'single', to: '2026-06-16' },
        { name: 'mode', value: 'two_part', from: '2026-06-16' },
      ],
    },
  }
  t.same(linesOf(given), [
    'single: 1000 × 0.7 = 700.00',
    'energy: 3000 × 0.6 = 1800.00',
    'capacity: 200 × 30 = 6000.00',
  ])
})

t.test('where amounts are rounded', async (t) => {
  const bill = (rounding: object, prices: readonly string[], kwh = '1'): string =>
    totalsOf({
      components: prices.map((price, index) => ({ code: `c${index}`, kind: 'usage', model: perUnit(price) })),
      version: { rounding },
      period: { quantities: [energy(kwh)] },
    })
  const at = (mode: string, decimals = 2) => ({ mode, decimals })
  const rows: readonly (readonly [string, object, readonly string[], string])[] = [
    ['nowhere', {}, ['0.125', '0.125'], '0.25'],
    ['nowhere, and it shows', {}, ['0.125', '0.12'], '0.245'],
    ['each line', { line: fen }, ['0.125', '0.125'], '0.26'],
    ['the total', { total: fen }, ['0.125', '0.12'], '0.25'],
    ['half to even', { line: at('half_even') }, ['0.125', '0.135'], '0.26'],
    ['up is away from zero', { line: at('up') }, ['0.121'], '0.13'],
    ['down is towards zero', { line: at('down') }, ['0.129'], '0.12'],
    ['to whole yuan', { total: at('half_up', 0) }, ['1.5'], '2.00'],
    ['to tens', { total: at('half_up', -1) }, ['14.99'], '10.00'],
  ]
  for (const [claim, rounding, prices, expected] of rows) t.equal(bill(rounding, prices), expected, claim)
  t.equal(bill({ quantity: wholes, line: fen }, ['0.5'], '2.5'), '1.50', 'the quantity first')
  const credit = (mode: string) =>
    linesOf({
      components: [{ code: 'c', kind: 'usage', multiple: '-1', model: perUnit('0.125') }],
      version: { rounding: { line: at(mode) } },
      period: { quantities: [energy(1)] },
    })[0]?.split(' = ')[1]
  t.same(['half_up', 'half_even', 'up', 'down'].map(credit), ['-0.13', '-0.12', '-0.13', '-0.12'])
  const months = ['01', '02', '03', '04', '05'].map((month, index) => ({
    start: `2026-${month}-01`,
    end: `2026-0${index + 2}-01`,
    quantities: [energy(1)],
  }))
  const cumulative: Given = {
    components: nothing.map((one) => ({ ...one, model: perUnit('0.334') })),
    version: { rounding: { line: fen, cumulative: true } },
    periods: months,
  }
  t.equal(totalsOf(cumulative), '0.33 0.34 0.33 0.34 0.33')
})

t.test('取整: whole yuan are asked for, and the fen that are left go to the next bill', (t) => {
  const carried: Given = {
    components: [{ code: 'c', kind: 'usage', model: perUnit('0.5469') }],
    version: { rounding: { line: fen, total: { mode: 'down', decimals: 0, carried: true } } },
    periods: ['100', '61', '0', '98'].map((used, index) => ({
      start: `2026-0${index + 1}-01`,
      end: `2026-0${index + 2}-01`,
      quantities: [energy(Number(used))],
    })),
  }
  // 54.69, 33.36, 0 and 53.60: 54 leave 0.69, with 33.36 they make 34.05, with 53.60 53.65.
  t.equal(totalsOf(carried), '54.00 34.00 0.00 53.00')
  const bill = billOf(carried)
  t.same(bill.periods.at(-1)?.closing.rounding, [{ line: '(total)', exact: '141.65', rounded: '141' }])
  const next: Given = {
    ...carried,
    usage: { opening: bill.periods[1]?.closing },
    periods: carried.periods?.slice(2) ?? [],
  }
  t.equal(totalsOf(next), '0.00 53.00', 'by the closing state too')
  t.end()
})
