import t from 'tap'
import { billOf, energy, type Given, intervals, ladder, linesOf, quantity, totalsOf } from './offline.js'

const dollars = { currency: { code: 'USD', decimals: 2 } }
const demand = (kw: number | string, more: object = {}) => quantity('demand', kw, { unit: 'kW', ...more })
const perUnit = (price: string) => ({ kind: 'per_unit', price })
const monthly = (code: string, price: string) => ({ code, kind: 'fixed', price, per: 'month' })

t.test('declining blocks, riders and tax', async (t) => {
  // cityofseymour.org, residential electricity, bill comparison: 1200 kWh in winter, 2000 kWh in summer.
  const seymour = (steps: readonly (readonly [string | null, string])[], kwh: number): Given => ({
    tariff: dollars,
    components: [
      { code: 'energy', kind: 'usage', model: ladder(steps) },
      { code: 'power_cost', kind: 'usage', model: perUnit('0.085') },
      monthly('customer', '7.50'),
      { code: 'sales_tax', kind: 'percentage', of: ['energy', 'power_cost', 'customer'], percent: '1' },
    ],
    period: { quantities: [energy(kwh)] },
  })
  const winter = [
    ['250', '0.064'],
    ['700', '0.049'],
    [null, '0.0446'],
  ] as const
  const summer = [
    ['250', '0.064'],
    ['700', '0.049'],
    ['1250', '0.0475'],
    [null, '0.0446'],
  ] as const
  t.equal(totalsOf(seymour(winter, 1200)), '171.55')
  t.same(linesOf(seymour(summer, 2000)), [
    'energy 1: 250 × 0.064 = 16.00',
    'energy 2: 450 × 0.049 = 22.05',
    'energy 3: 550 × 0.0475 = 26.13',
    'energy 4: 750 × 0.0446 = 33.45',
    'power_cost: 2000 × 0.085 = 170.00',
    'customer: 1 × 7.5 = 7.50',
    'sales_tax: 275.13 × 0.01 = 2.75',
  ])
  // civilengineeringhandbook.tk 18.5.1, PSE&G general service in June: 17 588 kWh, a negative cost adjustment.
  const pseg: Given = {
    tariff: dollars,
    components: [
      monthly('customer', '3.74'),
      { code: 'energy', kind: 'usage', model: perUnit('0.09444') },
      { code: 'adjustment', kind: 'usage', multiple: '-1', model: perUnit('0.017192') },
      monthly('demand', '262.34'),
    ],
    period: { quantities: [energy(17_588)] },
  }
  t.equal(totalsOf(pseg), '1624.72')
})

t.test('blocks by days of the period', async (t) => {
  // Ceylon Electricity Board: 210 units in 31 days, blocks of one unit a day each; 40 % fuel adjustment.
  const ceb: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: ladder(
          [
            ['1', '3'],
            ['2', '4.7'],
            ['3', '7.5'],
            ['4', '21'],
            ['6', '24'],
            [null, '36'],
          ],
          { scope: { of: 'period', times: 'days' } },
        ),
      },
      { code: 'fuel', kind: 'percentage', of: ['energy'], percent: '40' },
    ],
    period: { end: '2026-07-02', quantities: [energy(210)] },
  }
  t.equal(totalsOf(ceb), '4863.88')
  // Hydro-Québec rate M: 210 000 kWh for 30 days at 0.041, the rest at 0.0319; 33 days.
  const rateM: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: ladder(
          [
            ['7000', '0.041'],
            [null, '0.0319'],
          ],
          { scope: { of: 'period', times: 'days' } },
        ),
      },
    ],
    period: { end: '2026-07-04', quantities: [energy(300_000)] },
  }
  t.same(linesOf(rateM), ['energy 1: 231000 × 0.041 = 9471.00', 'energy 2: 69000 × 0.0319 = 2201.10'])
})

t.test('tables chosen by the whole use', async (t) => {
  // Tamil Nadu 2012 (headlinesnewsworld.blogspot.com): four classes, each with its own ladder and fixed charge.
  const isUpTo = (limit: string) => ({ is: 'less_or_equal', of: ['energy', limit] })
  const between = (low: string, high: string) => ({ is: 'all', of: [{ is: 'not', of: isUpTo(low) }, isUpTo(high)] })
  const classes: readonly (readonly [string, object, readonly (readonly [string | null, string])[], string])[] = [
    ['class_1', isUpTo('100'), [[null, '1']], '20'],
    ['class_2', between('100', '200'), [[null, '1.5']], '20'],
    [
      'class_3',
      between('200', '500'),
      [
        ['200', '2'],
        [null, '3'],
      ],
      '30',
    ],
    [
      'class_4',
      { is: 'not', of: isUpTo('500') },
      [
        ['200', '3'],
        ['500', '4'],
        [null, '5.75'],
      ],
      '40',
    ],
  ]
  const components = classes.flatMap(([code, when, steps, fixed]) => [
    { code, kind: 'usage', when, model: ladder(steps) },
    { code: `${code}_fixed`, kind: 'fixed', when, price: fixed, per: 'period' },
  ])
  const rows: readonly (readonly [number, string])[] = [
    [80, '100.00'],
    [100, '120.00'],
    [130, '215.00'],
    [230, '520.00'],
    [600, '2415.00'],
  ]
  for (const [kwh, expected] of rows) t.equal(totalsOf({ components, period: { quantities: [energy(kwh)] } }), expected)
})

t.test('two months read together', async (t) => {
  // KSEB (ksebinfoportal.blogspot.com): 117 units a month come to 540.35 with duty, rent and surcharges; 396 units in two months to 1779.40.
  const steps = [
    ['50', '3.15'],
    ['100', '3.7'],
    ['150', '4.8'],
    ['200', '6.4'],
    [null, '7.6'],
  ] as const
  const components = [
    { code: 'energy', kind: 'usage', model: ladder(steps, { scope: { of: 'period', times: 'months' } }) },
    { code: 'duty', kind: 'percentage', of: ['energy'], percent: '10' },
    monthly('rent', '6'),
    { code: 'rent_tax', kind: 'percentage', of: ['rent'], percent: '18' },
    { code: 'rent_cess', kind: 'percentage', of: ['rent'], percent: '1' },
    { code: 'fuel', kind: 'usage', model: perUnit('0.1') },
    monthly('fixed', '55'),
  ]
  t.equal(totalsOf({ components, period: { quantities: [energy(117)] } }), '540.35')
  const two: Given = {
    components: components.slice(0, 1),
    period: { end: '2026-08-01', quantities: [energy(396)] },
  }
  t.equal(totalsOf(two), '1779.40')
  t.equal(
    totalsOf({ ...two, period: { start: '2026-06-05', end: '2026-08-03', months: '2', quantities: [energy(396)] } }),
    '1779.40',
  )
})

t.test('demand', async (t) => {
  const billed = (price: string, kw: object) => ({
    code: 'demand',
    kind: 'usage',
    quantity: kw,
    unit: 'kW',
    model: perUnit(price),
  })
  const history = (months: unknown, more: object = {}) => ({
    op: 'history',
    name: 'demand',
    months,
    take: 'highest',
    ...more,
  })
  const ratchet = (percent: string, months: unknown) => ({
    op: 'max',
    of: ['demand', { op: 'multiply', of: [percent, history(months)] }],
  })
  const opening = (months: readonly (readonly [string, number])[]) => ({
    opening: { quantities: months.map(([month, kw]) => ({ name: 'demand', month, value: String(kw) })) },
  })
  const rows: readonly (readonly [string, Given, string])[] = [
    // feds.pnnl.gov, demand ratchet: 80 % of the highest of the preceding 11 months.
    [
      '80 % of a peak eleven months ago',
      {
        components: [billed('1', ratchet('0.8', { preceding: 11 }))],
        period: { quantities: [demand(500)] },
        usage: opening([['2025-07', 1000]]),
      },
      '800.00',
    ],
    [
      'a peak twelve months ago is forgotten',
      {
        components: [billed('1', ratchet('0.8', { preceding: 11 }))],
        period: { quantities: [demand(500)] },
        usage: opening([['2025-06', 1000]]),
      },
      '500.00',
    ],
    // help.energytoolbase.com: the higher of this month and 50 % of the year's 200 kW: 80 gives 100, 105 stays 105.
    [
      'half of the highest on record',
      {
        components: [billed('1', ratchet('0.5', 'all'))],
        period: { quantities: [demand(80)] },
        usage: opening([['2025-12', 200]]),
      },
      '100.00',
    ],
    [
      'above half of it',
      {
        components: [billed('1', ratchet('0.5', 'all'))],
        period: { quantities: [demand(105)] },
        usage: opening([['2025-12', 200]]),
      },
      '105.00',
    ],
    // Hydro-Québec rate M: real power, 90 % of apparent power, or 65 % of the highest winter demand.
    [
      'the highest of kW, 90 % of kVA and 65 % of winter',
      {
        components: [
          billed('10', {
            op: 'max',
            of: [
              'demand',
              { op: 'multiply', of: ['0.9', 'apparent'] },
              { op: 'multiply', of: ['0.65', history({ listed: [12, 1, 2, 3] })] },
            ],
          }),
        ],
        period: { quantities: [demand(700), quantity('apparent', 800, { unit: 'kVA' })] },
        usage: opening([
          ['2026-01', 1200],
          ['2026-05', 2000],
        ]),
      },
      '7800.00',
    ],
    // Capacity tariff of Flanders: the mean of the last twelve monthly peaks, this one included, at least 2.5 kW.
    [
      'mean of monthly peaks',
      {
        components: [
          billed('4', {
            op: 'max',
            of: ['2.5', { op: 'history', name: 'demand', months: { preceding: 11 }, take: 'mean', withCurrent: true }],
          }),
        ],
        period: { quantities: [demand('6')] },
        usage: opening([
          ['2026-04', 3],
          ['2026-05', 4.5],
        ]),
      },
      '18.00',
    ],
    // bellawatt/electric-rate-engine, DemandTiersInMonths.test.ts: the band from 1 to 5 kW.
    [
      'a band of demand',
      {
        components: [
          {
            code: 'band',
            kind: 'usage',
            quantity: 'demand',
            unit: 'kW',
            model: ladder([
              ['1', '0'],
              ['5', '1'],
              [null, '0'],
            ]),
          },
        ],
        period: { quantities: [demand(20)] },
      },
      '4.00',
    ],
    [
      'a band that is not full',
      {
        components: [
          {
            code: 'band',
            kind: 'usage',
            quantity: 'demand',
            unit: 'kW',
            model: ladder([
              ['1', '0'],
              ['5', '1'],
              [null, '0'],
            ]),
          },
        ],
        period: { quantities: [demand(2)] },
      },
      '1.00',
    ],
    // Batavia, large general service: demand × (1 + 0.90 − power factor), at least 750 a month.
    [
      'demand corrected by the power factor',
      {
        components: [
          monthly('customer', '100'),
          { code: 'energy', kind: 'usage', model: perUnit('0.04362') },
          billed('17.25', {
            op: 'multiply',
            of: [
              'demand',
              {
                op: 'add',
                of: [
                  '1',
                  {
                    op: 'max',
                    of: [
                      '0',
                      {
                        op: 'subtract',
                        of: ['0.90', { op: 'power_factor', active: 'energy', reactive: 'reactive', decimals: 2 }],
                      },
                    ],
                  },
                ],
              },
            ],
          }),
          { code: 'least', kind: 'minimum', of: ['demand'], amount: '750', per: 'month' },
        ],
        period: { quantities: [energy(8000), quantity('reactive', 6000), demand(100)] },
      },
      '2346.46',
    ],
    // svec-coop.com: 1.21 a day, 11.26 cents, 1.00 for each kVA above ten.
    [
      'kVA above a free ten',
      {
        components: [
          { code: 'facility', kind: 'fixed', price: '1.21', per: 'day' },
          { code: 'energy', kind: 'usage', model: perUnit('0.1126') },
          { code: 'excess', kind: 'usage', quantity: 'apparent', unit: 'kVA', free: '10', model: perUnit('1') },
        ],
        period: { quantities: [energy(1000), quantity('apparent', '12.5', { unit: 'kVA' })] },
      },
      '151.40',
    ],
    // Blocks of kWh per kW (OpenEI URDB unit kWh/kW; NREL SAM): the first 125 hours, the next 75, the rest.
    [
      'blocks by hours of use',
      {
        components: [
          {
            code: 'energy',
            kind: 'usage',
            model: {
              kind: 'graduated',
              blocks: [
                { upTo: { op: 'multiply', of: ['125', 'demand'] }, price: '0.08' },
                { upTo: { op: 'multiply', of: ['200', 'demand'] }, price: '0.05' },
                { price: '0.03' },
              ],
            },
          },
        ],
        period: { quantities: [energy(20_000), demand(80)] },
      },
      '1220.00',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

/** So many hours of the same kWh. */
const hours = (count: number, value: number | string = 1) => Array.from({ length: count }, () => value)

t.test('daily blocks, on days of 23 and 25 hours too', async (t) => {
  // bellawatt/electric-rate-engine, BlockedTiersInDays.test.ts: 1 kWh each hour, 10 kWh a day in the first block, 15 in the second.
  const model = ladder(
    [
      ['10', '1'],
      ['15', '2'],
      [null, '0'],
    ],
    { scope: { of: 'day' } },
  )
  const month = (start: string, end: string, count: number): Given => ({
    tariff: dollars,
    components: [{ code: 'energy', kind: 'usage', model }],
    periods: [{ start, end, quantities: [intervals(start, hours(count))] }],
    usage: { zone: 'America/Los_Angeles' },
  })
  t.same(linesOf(month('2018-01-01', '2018-02-01', 744)), [
    'energy 1: 310 × 1 = 310.00',
    'energy 2: 155 × 2 = 310.00',
    'energy 3: 279 × 0 = 0.00',
  ])
  t.same(linesOf(month('2018-03-01', '2018-04-01', 743)).slice(0, 2), [
    'energy 1: 310 × 1 = 310.00',
    'energy 2: 155 × 2 = 310.00',
  ])
  t.equal(linesOf(month('2018-11-01', '2018-12-01', 721)).at(-1), 'energy 3: 271 × 0 = 0.00')
  const whole = {
    ...month('2018-01-01', '2018-01-03', 48),
    components: [{ code: 'energy', kind: 'usage', model: { ...model, kind: 'volume' } }],
  }
  t.same(linesOf(whole), ['energy 3: 48 × 0 = 0.00'], 'each day chooses its block')
})

t.test('the mean of the highest days, and what each day reached', async (t) => {
  // bellawatt/electric-rate-engine, Demand.test.ts: 5, 10, 15, 20 and 25 kW on five days.
  const load = hours(5 * 24).map((value, hour) => (hour % 24 === 12 ? ((hour - 12) / 24 + 1) * 5 : value))
  const charge = (take: unknown): Given => ({
    components: [
      {
        code: 'demand',
        kind: 'usage',
        unit: 'kW',
        quantity: { op: 'demand', of: 'energy', minutes: 60, take },
        model: perUnit('1'),
      },
    ],
    period: { end: '2026-06-06', quantities: [intervals('2026-06-01', load)] },
  })
  t.equal(totalsOf(charge('highest')), '25.00')
  t.equal(totalsOf(charge({ meanOf: 3 })), '20.00')
  t.equal(totalsOf(charge('sum_of_days')), '75.00')
  const twice = {
    ...charge({ meanOf: 3, onDifferentDays: true }),
    period: {
      end: '2026-06-06',
      quantities: [
        intervals(
          '2026-06-01',
          load.map((value, hour) => (hour === 109 ? 25 : value)),
        ),
      ],
    },
  }
  t.equal(totalsOf(twice), '20.00', 'a second high hour of one day does not count')
  t.equal(totalsOf({ ...twice, components: charge({ meanOf: 3 }).components }), '23.33')
})

/** Residential time of use of NREL SAM's utility rate cases: four periods by month and hour. */
const sam = {
  name: 'sam',
  slots: [
    {
      name: 'two',
      when: [{ months: [1, 2, 3, 4, 11, 12], days: ['weekday'], windows: [{ from: '10:00', to: '15:00' }] }],
    },
    {
      name: 'three',
      when: [{ months: [1, 2, 3, 4, 11, 12], days: ['weekday'], windows: [{ from: '15:00', to: '20:00' }] }],
    },
    {
      name: 'four',
      when: [{ months: [5, 6, 7, 8, 9, 10], days: ['weekday'], windows: [{ from: '15:00', to: '20:00' }] }],
    },
    { name: 'one', otherwise: true },
  ],
}
const samPrices = { one: '0.1', two: '0.05', three: '0.2', four: '0.25' }

t.test('time of use', async (t) => {
  // NREL/ssc, test/ssc_test/cmod_utilityrate5_test.cpp (schedule and prices); a flat load of 1 kW for a week from Monday.
  const week = (start: string, end: string): Given => ({
    tariff: dollars,
    components: [
      { code: 'energy', kind: 'usage', slots: { calendar: 'sam' }, model: { kind: 'per_unit', prices: samPrices } },
    ],
    version: { calendars: [sam] },
    periods: [{ start, end, quantities: [intervals(start, hours(168))] }],
    usage: { zone: 'America/Phoenix' },
  })
  t.equal(totalsOf(week('2026-01-05', '2026-01-12')), '18.05')
  t.equal(totalsOf(week('2026-06-01', '2026-06-08')), '20.55')
  // Over the end of October: three days of four and two of the winter periods.
  t.equal(totalsOf(week('2025-10-29', '2025-11-05')), '19.55')
})

t.test('the hour that clocks skip or repeat', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'night', when: [{ windows: [{ from: '00:00', to: '06:00' }] }] },
      { name: 'day', otherwise: true },
    ],
  }
  const day = (start: string, end: string, count: number): readonly string[] =>
    linesOf({
      components: [
        {
          code: 'energy',
          kind: 'usage',
          slots: { calendar: 'day' },
          model: { kind: 'per_unit', prices: { night: '1', day: '2' } },
        },
      ],
      version: { calendars: [calendar] },
      periods: [{ start, end, quantities: [intervals(start, hours(count))] }],
      usage: { zone: 'Europe/Berlin' },
    })
  t.same(day('2026-03-29', '2026-03-30', 23), ['energy night: 5 × 1 = 5.00', 'energy day: 18 × 2 = 36.00'])
  t.same(day('2026-10-25', '2026-10-26', 25), ['energy night: 7 × 1 = 7.00', 'energy day: 18 × 2 = 36.00'])
})

t.test('time of use × blocks, in all three ways of sharing', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '12:00', to: '24:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const blocks = [{ upTo: '30', prices: { peak: '0.3', off: '0.1' } }, { prices: { peak: '0.5', off: '0.2' } }]
  const shared = (sharing: string): readonly string[] =>
    linesOf({
      components: [
        { code: 'energy', kind: 'usage', slots: { calendar: 'day' }, model: { kind: 'graduated', sharing, blocks } },
      ],
      version: { calendars: [calendar] },
      period: {
        end: '2026-06-03',
        quantities: [intervals('2026-06-01', [...hours(12), ...hours(12, 2), ...hours(12), ...hours(12, 2)])],
      },
    })
  // 24 kWh off peak, 48 on peak; in order of time 12, 24, 12, 24.
  t.same(shared('per_slot'), [
    'energy peak/1: 30 × 0.3 = 9.00',
    'energy peak/2: 18 × 0.5 = 9.00',
    'energy off/1: 24 × 0.1 = 2.40',
  ])
  t.same(shared('proportional'), [
    'energy peak/1: 20 × 0.3 = 6.00',
    'energy peak/2: 28 × 0.5 = 14.00',
    'energy off/1: 10 × 0.1 = 1.00',
    'energy off/2: 14 × 0.2 = 2.80',
  ])
  t.same(shared('time_order'), [
    'energy off/1: 12 × 0.1 = 1.20',
    'energy peak/1: 18 × 0.3 = 5.40',
    'energy peak/2: 30 × 0.5 = 15.00',
    'energy off/2: 12 × 0.2 = 2.40',
  ])
})

t.test('net metering', async (t) => {
  const year = { of: 'year', yearStart: '04-01' }
  const free = { quantity: 'export', scope: year, carried: true }
  const months: readonly (readonly [string, string, number, number])[] = [
    ['2026-01-01', '2026-02-01', 300, 400],
    ['2026-02-01', '2026-03-01', 350, 200],
    ['2026-03-01', '2026-04-01', 100, 250],
    ['2026-04-01', '2026-05-01', 100, 0],
  ]
  const given: Given = {
    components: [{ code: 'energy', kind: 'usage', free, model: perUnit('1') }],
    periods: months.map(([start, end, imported, exported]) => ({
      start,
      end,
      quantities: [energy(imported), quantity('export', exported)],
    })),
  }
  // 100 kWh are carried into February, and 150 of March are lost as the year ends.
  t.equal(totalsOf(given), '0.00 50.00 0.00 100.00')
  t.match(billOf(given).periods[0]?.closing.free, [
    { component: 'energy', scope: '2025-04-01', granted: '400', used: '300' },
  ])
  // zhuoyang/hass-tnb, tests/test_calculations.py: export is taken off the peak first.
  const calendar = {
    name: 'tnb',
    slots: [
      { name: 'peak', when: [{ days: ['weekday'], windows: [{ from: '14:00', to: '22:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const tnb = (exported: number): readonly string[] =>
    linesOf({
      components: [
        {
          code: 'energy',
          kind: 'usage',
          slots: { calendar: 'tnb' },
          free: { quantity: 'export', from: { slots: ['peak', 'off'] } },
          model: { kind: 'per_unit', prices: { peak: '0.5', off: '0.3' } },
        },
      ],
      version: { calendars: [calendar] },
      period: {
        quantities: [energy(100, { slot: 'peak' }), energy(200, { slot: 'off' }), quantity('export', exported)],
      },
    })
  t.same(tnb(50), ['energy peak: 50 × 0.5 = 25.00', 'energy off: 200 × 0.3 = 60.00'])
  t.same(tnb(150), ['energy off: 150 × 0.3 = 45.00'])
  t.same(tnb(400), [])
})

t.test('waivers, thresholds and a tax on a part', async (t) => {
  // zhuoyang/hass-tnb, tests/test_calculations.py: the retail charge, KWTBB above 300 kWh, service tax on what exceeds 600 kWh.
  const above = (limit: string) => ({ is: 'greater', of: ['energy', limit] })
  const tnb = (kwh: number): Given => ({
    components: [
      { code: 'base', kind: 'fixed', price: '200', per: 'month' },
      { code: 'retail', kind: 'fixed', price: '10', per: 'month', when: above('600') },
      { code: 'fund', kind: 'percentage', of: ['base'], percent: '1.6', when: above('300') },
      {
        code: 'service_tax',
        kind: 'percentage',
        of: ['base'],
        when: above('600'),
        percent: {
          op: 'multiply',
          of: ['8', { op: 'divide', of: [{ op: 'subtract', of: ['energy', '600'] }, 'energy'] }],
        },
      },
    ],
    period: { quantities: [energy(kwh)] },
  })
  const rows: readonly (readonly [number, string])[] = [
    [300, '200.00'],
    [400, '203.20'],
    [600, '203.20'],
    [800, '217.20'],
    [900, '218.53'],
  ]
  for (const [kwh, expected] of rows) t.equal(totalsOf(tnb(kwh)), expected, `${kwh} kWh`)
  // The same suite: the price of each slot by the block of the whole use.
  const tou = (peak: number, off: number): Given => ({
    components: [
      {
        code: 'energy',
        kind: 'usage',
        slots: { calendar: 'c' },
        model: {
          kind: 'volume',
          blocks: [
            { upTo: '1500', prices: { peak: '0.2852', off: '0.2443' } },
            { prices: { peak: '0.3852', off: '0.3443' } },
          ],
        },
      },
    ],
    version: {
      calendars: [
        {
          name: 'c',
          slots: [
            { name: 'peak', when: [{ windows: [{ from: '14:00', to: '22:00' }] }] },
            { name: 'off', otherwise: true },
          ],
        },
      ],
    },
    period: { quantities: [energy(peak, { slot: 'peak' }), energy(off, { slot: 'off' })] },
  })
  t.same(linesOf(tou(300, 500)), ['energy peak/1: 300 × 0.2852 = 85.56', 'energy off/1: 500 × 0.2443 = 122.15'])
  t.same(linesOf(tou(800, 1000)), ['energy peak/2: 800 × 0.3852 = 308.16', 'energy off/2: 1000 × 0.3443 = 344.30'])
})

t.test('supply by the day and a tax included or added', async (t) => {
  // aguinane/qld-tariffs, tests/test_costs.py: 31 days at 60.514 cents and 10 % GST come to 20.64.
  const supply = {
    code: 'supply',
    kind: 'fixed',
    price: '0.60514',
    per: 'day',
    rounding: { line: { mode: 'half_up', decimals: 6 } },
  }
  const added: Given = {
    components: [
      supply,
      {
        code: 'gst',
        kind: 'percentage',
        of: ['supply'],
        percent: '10',
        rounding: { line: { mode: 'half_up', decimals: 6 } },
      },
    ],
    version: { rounding: { total: { mode: 'half_up', decimals: 2 } } },
    period: { end: '2026-07-02' },
  }
  t.equal(totalsOf(added), '20.64')
  const included: Given = {
    components: [
      { code: 'supply', kind: 'fixed', price: '11.30', per: 'period' },
      { code: 'vat', kind: 'percentage', of: ['supply'], percent: '13', included: true },
    ],
  }
  t.same(linesOf(included), ['supply: 1 × 11.3 = 11.30', 'vat: 11.3 × 13/113 = 1.30'])
  t.equal(totalsOf(included), '11.30')
})

t.test('seasons by month and by day of the year', async (t) => {
  const summer = { is: 'season', from: '06-15', to: '09-15' }
  const price = { op: 'if', when: summer, yes: '0.2', no: '0.1' }
  const read = [energy(140, { to: '2026-06-15' }), energy(160, { from: '2026-06-15' })]
  t.same(
    linesOf({
      components: [{ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price } }],
      period: { quantities: read },
    }),
    ['energy: 140 × 0.1 = 14.00', 'energy: 160 × 0.2 = 32.00'],
  )
  t.match(
    linesOf({
      components: [{ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price } }],
      period: { quantities: [energy(300)] },
    }),
    [/^no_reading_at_change /],
    'a season that begins between two readings is not guessed at',
  )
  t.same(
    linesOf({
      components: [
        { code: 'meter', kind: 'fixed', price: { op: 'if', when: summer, yes: '60', no: '30' }, per: 'month' },
      ],
    }),
    ['meter: 7/15 × 30 = 14.00', 'meter: 8/15 × 60 = 32.00'],
  )
  const kw = (months: readonly number[]) => ({ is: 'month', of: months })
  const split: Given = {
    components: [
      {
        code: 'demand',
        kind: 'usage',
        quantity: 'demand',
        unit: 'kW',
        model: { kind: 'per_unit', price: { op: 'if', when: kw([6, 7, 8, 9]), yes: '12', no: '6' } },
      },
    ],
    periods: [{ start: '2026-05-22', end: '2026-06-21', quantities: [demand(90)] }],
  }
  t.same(linesOf(split), ['demand: 30 × 6 = 180.00', 'demand: 60 × 12 = 720.00'])
  const billing = { op: 'if', when: { is: 'billing_month', of: [5, 6, 7, 8, 9, 10] }, yes: '260', no: '200' }
  const season: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        model: { kind: 'graduated', blocks: [{ upTo: billing, price: '1' }, { price: '2' }] },
      },
    ],
    periods: [{ start: '2026-04-25', end: '2026-05-25', quantities: [energy(250)] }],
  }
  t.equal(totalsOf(season), '250.00')
})

t.test('a rate that changes within the period', async (t) => {
  const version = (number: number, validFrom: string, validTo: string | null, components: readonly object[]) => ({
    version: number,
    validFrom,
    ...(validTo === null ? {} : { validTo }),
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    unread: 'by_days',
    components,
  })
  const changing = (before: object, after: object, quantities: readonly object[]): readonly string[] =>
    linesOf({
      components: [],
      versions: [version(1, '2026-01-01', '2026-06-11', [before]), version(2, '2026-06-11', null, [after])],
      period: { quantities },
    })
  const one = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
  // 300 kWh by days: 100 before, 200 after.
  const rows: readonly (readonly [string, object, object, readonly string[]])[] = [
    ['by days', one(perUnit('1')), one(perUnit('2')), ['energy: 100 × 1 = 100.00', 'energy: 200 × 2 = 400.00']],
    [
      'a ladder goes on',
      one(
        ladder([
          ['150', '1'],
          [null, '2'],
        ]),
      ),
      one(
        ladder([
          ['150', '3'],
          [null, '4'],
        ]),
      ),
      ['energy 1: 100 × 1 = 100.00', 'energy 1: 50 × 3 = 150.00', 'energy 2: 150 × 4 = 600.00'],
    ],
    [
      'one block for all units of the period',
      one(
        ladder(
          [
            ['150', '1'],
            [null, '2'],
          ],
          {},
          'volume',
        ),
      ),
      one(
        ladder(
          [
            ['150', '3'],
            [null, '4'],
          ],
          {},
          'volume',
        ),
      ),
      ['energy 2: 100 × 2 = 200.00', 'energy 2: 200 × 4 = 800.00'],
    ],
    [
      'packages are counted over the period',
      one({ kind: 'package', size: '120', price: '1' }),
      one({ kind: 'package', size: '120', price: '2' }),
      ['energy: 1 × 1 = 1.00', 'energy: 2 × 2 = 4.00'],
    ],
    [
      'what is free is free once',
      one(perUnit('1'), { free: '130' }),
      one(perUnit('2'), { free: '130' }),
      ['energy: 170 × 2 = 340.00'],
    ],
    [
      'the least quantity is that of the period',
      one(perUnit('1'), { atLeast: '350' }),
      one(perUnit('2'), { atLeast: '350' }),
      ['energy: 100 × 1 = 100.00', 'energy: 250 × 2 = 500.00'],
    ],
    [
      'a flat amount of a chosen block comes once',
      one({ kind: 'volume', blocks: [{ flat: '9' }] }),
      one({ kind: 'volume', blocks: [{ flat: '9' }] }),
      ['energy 1: 1 × 9 = 9.00'],
    ],
  ]
  for (const [claim, before, after, expected] of rows) t.same(changing(before, after, [energy(300)]), expected, claim)
  const kw = (price: string) => ({
    code: 'demand',
    kind: 'usage',
    quantity: 'demand',
    unit: 'kW',
    model: ladder([
      ['50', '0'],
      [null, price],
    ]),
  })
  t.same(
    changing(kw('3'), kw('6'), [demand(80)]),
    [
      'demand 1: 50/3 × 0 = 0.00',
      'demand 2: 10 × 3 = 30.00',
      'demand 1: 100/3 × 0 = 0.00',
      'demand 2: 20 × 6 = 120.00',
    ],
    'demand is shared by days, and its blocks are not filled twice',
  )
})
