import t from 'tap'
import {
  demand,
  energy,
  type Given,
  ladder,
  linesOf,
  monthly,
  perUnit,
  product,
  quantity,
  totalsOf,
} from '../offline.js'

/*
 * Further worked bills of Chinese exam banks and pages. "Handbook" are the calculations of the vocational examination 11-047 (抄表核算收费员), which
 * the banks reprint. Numbers are theirs; where a published figure does not follow from its own working, the comment says so.
 */

const equipment = (name: string, rating: string, state: string, more: object = {}) => ({ name, rating, state, ...more })
const capacity = (price: string, quantityOf: unknown, more: object = {}) => ({
  code: 'capacity',
  kind: 'fixed',
  quantity: quantityOf,
  unit: 'kVA',
  price,
  per: 'month',
  dayCount: { days: '30' },
  ...more,
})
const inService = (more: object = {}) => ({ op: 'equipment', charged: ['in_service'], ...more })
const powerFactor = (of: readonly string[], standard = '0.90', more: object = {}) => ({
  code: 'adjusted',
  kind: 'power_factor',
  of,
  table: { standard },
  ...more,
})
const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
const due = (amount: unknown, code = 'due') => ({ code, kind: 'amount', amount })
const misuse = (percent: string) => ({ code: 'misuse', kind: 'percentage', of: ['due'], percent })
const adjusted = (...adjustments: readonly object[]): Given => ({
  components: [usage(perUnit('0.5'))],
  period: { quantities: [energy(0)], adjustments },
})
const check = (
  rows: readonly (readonly [string, Given, string])[],
  equal: (found: string, wanted: string, claim: string) => unknown,
) => {
  for (const [claim, given, expected] of rows) equal(totalsOf(given), expected, claim)
}

t.test('two-part bills', async (t) => {
  const calendar = {
    name: 'day',
    residual: 'flat',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
      { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
      { name: 'flat', otherwise: true },
    ],
  }
  const both = ['capacity', 'energy']
  const suspended: Given = {
    // Handbook: 315 and 250 kVA, 315 suspended on 13 April and back on the 26th: less than fifteen days do not count.
    components: [capacity('10', inService({ leastSuspendedDays: 15 }))],
    periods: [{ start: '2000-04-01', end: '2000-05-01' }],
    usage: {
      equipment: [
        equipment('a', '315', 'in_service', { to: '2000-04-13' }),
        equipment('a', '315', 'suspended', { from: '2000-04-13', to: '2000-04-26' }),
        equipment('a', '315', 'in_service', { from: '2000-04-26' }),
        equipment('b', '250', 'in_service'),
      ],
    },
  }
  const interlocked = (first: string, second: string, third: string, price: string): Given => ({
    components: [capacity(price, inService())],
    usage: {
      equipment: [
        equipment('T1', first, 'in_service', { interlock: 'bus' }),
        equipment('T2', second, 'in_service', { interlock: 'bus' }),
        equipment('T3', third, 'in_service'),
      ],
    },
  })
  check(
    [
      [
        'handbook: 500 kVA, 40 000 kWh, 25 000 kvarh taken and 5000 given, both of which count: 5 % of 13 000',
        {
          components: [
            capacity('10', '500'),
            usage(perUnit('0.20')),
            powerFactor(both, '0.90', { reactive: { op: 'add', of: ['reactive', 'reactive_given'] } }),
          ],
          period: { quantities: [energy(40_000), quantity('reactive', 25_000), quantity('reactive_given', 5000)] },
        },
        '13650.00',
      ],
      ['handbook: a suspension of thirteen days', suspended, '5650.00'],
      ['zhaokaoti.com b2079a2c: 500 or 630 kVA, and 200', interlocked('500', '630', '200', '30'), '24900.00'],
      ['handbook: 400 or 560 kVA, and 200', interlocked('400', '560', '200', '10'), '7600.00'],
      [
        'handbook: 2000 kVA, 400 000 kWh at peak, 200 000 in the valley of 1 000 000: 0.24 each',
        {
          components: [
            capacity('10', '2000'),
            usage(
              { kind: 'per_unit', prices: { peak: '0.30', valley: '0.10', flat: '0.20' } },
              { slots: { calendar: 'day' } },
            ),
          ],
          version: { calendars: [calendar] },
          period: {
            quantities: [energy(1_000_000), energy(400_000, { slot: 'peak' }), energy(200_000, { slot: 'valley' })],
          },
        },
        '240000.00',
      ],
      ...(
        [
          [100_000, '35000.00'],
          [300_000, '75000.00'],
        ] as const
      ).map(([kwh, expected]): readonly [string, Given, string] => [
        `handbook: 1000 kVA and ${kwh} kWh`,
        { components: [capacity('15', '1000'), usage(perUnit('0.20'))], period: { quantities: [energy(kwh)] } },
        expected,
      ]),
      ['g230.com 2123056452606312227: 630 kVA at 23', { components: [capacity('23', '630')] }, '14490.00'],
      [
        'baidu 2211427195323384348: agreed 320 kW (40 % of 800 kVA), 400 kW used: 336 and twice 64',
        {
          components: [
            {
              code: 'demand',
              kind: 'fixed',
              unit: 'kW',
              quantity: {
                op: 'add',
                of: [
                  { op: 'max', of: ['320', { op: 'min', of: ['demand', product('320', '1.05')] }] },
                  product('2', { op: 'max', of: ['0', { op: 'subtract', of: ['demand', product('320', '1.05')] }] }),
                ],
              },
              price: '32',
              per: 'month',
            },
          ],
          period: { quantities: [demand(400)] },
        },
        '14848.00',
      ],
    ],
    t.equal.bind(t),
  )
})

t.test('power factors', async (t) => {
  const single = (kwh: number, kvarh: number): Given => ({
    components: [usage(perUnit('0.6')), powerFactor(['energy'])],
    period: { quantities: [energy(kwh), quantity('reactive', kvarh)] },
  })
  // dqdf.com 3_18217642: 0.65 is 15 %; 0.95 gives back 0.75 %.
  t.same(linesOf(single(50_000, 59_000))[1], 'adjusted: 30000 × 0.15 = 4500.00')
  t.same(
    linesOf({
      components: [usage(perUnit('0.6')), powerFactor(['energy'], '0.90', { given: '0.95' })],
      period: { quantities: [energy(50_000)] },
    })[1],
    'adjusted: 30000 × -0.0075 = -225.00',
  )
  // The invoice beside it: 694 152 kWh, 256 728 kvarh, 800 kVA at 26; printed as -2311.67, cut.
  const parts = ['178939.16', '119679.07', '62182.05', '2060.4', '1075.61', '543.06']
  const invoice: Given = {
    components: [
      { code: 'energy', kind: 'amount', amount: { op: 'add', of: parts } },
      capacity('26', '800'),
      powerFactor(['energy', 'capacity'], '0.90', {
        active: 'active',
        rounding: { line: { mode: 'down', decimals: 2 } },
      }),
    ],
    period: { quantities: [quantity('active', 694_152), quantity('reactive', 256_728)] },
  }
  t.same(linesOf(invoice)[2], 'adjusted: 385279.35 × -0.006 = -2311.67')
  // Handbook: a reactive meter that turns back counts what was given twice too little: 20 000 and 2 × 5000 at 40 000 kWh are 0.80.
  const turned: Given = {
    components: [
      usage(perUnit('1')),
      powerFactor(['energy'], '0.90', {
        reactive: { op: 'add', of: ['reactive', product('2', 'reactive_given')] },
      }),
    ],
    period: { quantities: [energy(40_000), quantity('reactive', 20_000), quantity('reactive_given', 5000)] },
  }
  t.same(linesOf(turned)[1], 'adjusted: 40000 × 0.05 = 2000.00')
})

t.test('ladders of households', async (t) => {
  // woyaosouti.com 6BvBmNw6ekwEF5cv4a (Zhejiang): 2760 and 4800 a year; a family of five from 15 February: 100 kWh for each of eleven months.
  const isLarge = { is: 'fact', name: 'household_of_five', value: true }
  const wider = (base: string) => ({ op: 'add', of: [base, { op: 'if', when: isLarge, yes: '100', no: '0' }] })
  const zhejiang: Given = {
    components: [
      usage(perUnit('0.538')),
      usage(
        {
          kind: 'graduated',
          blocks: [{ upTo: wider('230') }, { upTo: wider('400'), price: '0.05' }, { price: '0.30' }],
          scope: { of: 'year', times: 'months', factsAt: 'end', reclear: 'always' },
        },
        { code: 'ladder' },
      ),
    ],
    periods: [
      { start: '2023-01-01', end: '2023-02-01', quantities: [energy(2800)] },
      { start: '2023-02-01', end: '2023-03-01', quantities: [energy(1200)] },
    ],
    usage: { facts: [{ name: 'household_of_five', value: true, from: '2023-02-15' }] },
  }
  t.same(linesOf(zhejiang), [
    'energy: 2800 × 0.538 = 1506.40',
    'ladder 2: 40 × 0.05 = 2.00',
    'energy: 1200 × 0.538 = 645.60',
    'ladder 2: 100 × 0.05 = 5.00',
  ])
  t.equal(totalsOf(zhejiang), '1508.40 650.60')
  const steps = (rows: readonly (readonly [string | null, string])[], kwh: number, more: object = {}): Given => ({
    components: [usage(ladder(rows, more))],
    period: { quantities: [energy(kwh)] },
  })
  const falling = ladder([
    ['200', '0.575'],
    [null, product('0.575', '0.9') as unknown as string],
  ])
  check(
    [
      [
        'daan888.com 8424031: 10 495 − 7815 kWh, ten per cent less above 200',
        {
          components: [usage(falling)],
          period: { quantities: [{ name: 'energy', register: { start: '7815', end: '10495' } }] },
        },
        '1398.40',
      ],
      [
        'dfrtw.com 85144: 40 kWh at 0.03 more than 0.5653 and 60 at 0.25 less',
        {
          components: [
            usage({ kind: 'per_unit', prices: { flat: '0.5953', valley: '0.3153' } }, { slots: { calendar: 'home' } }),
          ],
          version: {
            rounding: { total: { mode: 'half_up', decimals: 2 } },
            calendars: [
              {
                name: 'home',
                slots: [
                  { name: 'valley', when: [{ windows: [{ from: '22:00', to: '08:00' }] }] },
                  { name: 'flat', otherwise: true },
                ],
              },
            ],
          },
          period: { quantities: [energy(40, { slot: 'flat' }), energy(60, { slot: 'valley' })] },
        },
        '42.73',
      ],
      [
        // The page says 1180, the working of its first step by 2.10.
        'apk.tw 279590: 397 kWh in summer',
        steps(
          [
            ['120', '2.10'],
            ['330', '3.02'],
            [null, '4.39'],
          ],
          397,
        ),
        '1180.33',
      ],
      [
        'tendee99.pixnet.net 60005464: 300 kWh in two months',
        {
          components: [
            usage(
              ladder(
                [
                  ['120', '1.63'],
                  [null, '2.83'],
                ],
                { scope: { of: 'period', times: 'months' } },
              ),
            ),
          ],
          period: { end: '2026-08-01', quantities: [energy(300)] },
        },
        '561.00',
      ],
    ],
    t.equal.bind(t),
  )
  // mobile01.com 2784570: May, ten days of June and the rest of it, each at prices of its own, with steps by days of the month.
  const stages = (version: number, prices: readonly string[], validity: object) => ({
    version,
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    components: [
      usage(
        ladder(
          prices.map((price, index) => [['120', '330', null][index] ?? null, price] as const),
          { scope: { of: 'period', times: 'months_by_days' } },
        ),
      ),
    ],
    ...validity,
  })
  const summer: Given = {
    components: [],
    versions: [
      stages(1, ['2.10', '3.02', '4.05'], { validFrom: '2012-06-01', validTo: '2012-06-11' }),
      stages(2, ['2.10', '3.47', '4.05'], { validFrom: '2012-06-11' }),
    ],
    periods: [
      { start: '2012-06-01', end: '2012-06-11', quantities: [energy(167)] },
      { start: '2012-06-11', end: '2012-07-01', quantities: [energy(333)] },
    ],
  }
  t.same(linesOf(summer), [
    'energy 1: 40 × 2.1 = 84.00',
    'energy 2: 70 × 3.02 = 211.40',
    'energy 3: 57 × 4.05 = 230.85',
    'energy 1: 80 × 2.1 = 168.00',
    'energy 2: 140 × 3.47 = 485.80',
    'energy 3: 113 × 4.05 = 457.65',
  ])
  t.equal(totalsOf(summer), '526.25 1111.45')
  t.equal(
    totalsOf(
      steps(
        [
          ['110', '2.10'],
          ['330', '2.68'],
          [null, '3.27'],
        ],
        500,
      ),
    ),
    '1376.50',
    'May by itself',
  )
})

t.test('adjustments, misuse and late payment', async (t) => {
  const halfTime = product('1/2', { op: 'subtract', of: [{ op: 'divide', of: ['19000', '0.95'] }, '19000'] })
  check(
    [
      [
        'handbook: 1.5 kW past the meter for 180 days of 12 hours, and threefold',
        adjusted(due(product('1.5', '180', '12', '0.50')), misuse('300')),
        '6480.00',
      ],
      [
        'handbook: a meter 5 % slow over 19 000 kWh, half of the time: 19 500 kWh at 0.45',
        {
          components: [usage(perUnit('0.45'))],
          period: { quantities: [energy(19_000)], adjustments: [due(product(halfTime, '0.45'))] },
        },
        '8775.00',
      ],
      [
        'handbook: one current circuit of three open over 100 000 kWh: kWh due',
        adjusted(due(product('100000', '1/2'))),
        '50000.00',
      ],
      [
        'handbook: one current transformer reversed over 2000 kWh: kWh due',
        adjusted(due(product('2000', '2'))),
        '4000.00',
      ],
      [
        'handbook: 100 yuan, five days late at one per mille, at least one yuan',
        adjusted(due({ op: 'max', of: ['1', product('100', '5', '0.001')] })),
        '1.00',
      ],
      [
        'm.274949.com 28841167: 3000 three days late; 2000 sixteen days of last year and eighteen of this',
        adjusted(
          due(product('3000', '3', '0.002')),
          due({ op: 'add', of: [product('2000', '16', '0.002'), product('2000', '18', '0.003')] }, 'last_year'),
        ),
        '190.00',
      ],
      [
        'themobilebusinessrevolution.com 5000485: 30 kW for 90 days of six hours, 5000 paid ahead',
        {
          components: [
            usage(perUnit('0.20'), { quantity: product('30', '6', '90') }),
            {
              code: 'deposit',
              kind: 'credit',
              of: ['energy'],
              earned: '5000',
              payOut: { when: { is: 'kind', of: ['closing'] } },
            },
          ],
          period: { kind: 'closing' },
        },
        '-1760.00',
      ],
      [
        'itgle.com c_14218: thirty hours without supply, four times what would have been used',
        adjusted(due(product({ op: 'divide', of: ['30000', '720'] }, '30', '0.40', '4'))),
        '2000.00',
      ],
    ],
    t.equal.bind(t),
  )
  t.equal(totalsOf({ components: [monthly('rent', '0')], period: { quantities: [] } }), '0.00')
})
