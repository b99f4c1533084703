import t from 'tap'
import {
  dollars,
  energy,
  type Given,
  hours,
  intervals,
  ladder,
  linesOf,
  monthly,
  perUnit,
  totalsOf,
} from '../offline.js'

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
