import t from 'tap'
import { energy, type Given, ladder, linesOf, perUnit, product, quantity, totalsOf, wholes } from '../offline.js'

/*
 * Worked bills of Chinese exam banks for meter readers and billing clerks. Numbers are theirs; where a published figure does not follow from its
 * own working, the comment says so and the figure is ours.
 */

const day = {
  name: 'day',
  residual: 'flat',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
    { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
    { name: 'flat', otherwise: true },
  ],
}
const bySlot = (flat: string, peak: string, valley: string) => ({
  kind: 'per_unit',
  prices: { peak: product(flat, peak), valley: product(flat, valley), flat },
})
const register = (start: string, end: string, multiplier: string, more: object = {}) => ({
  name: 'energy',
  register: { start, end, multiplier },
  ...more,
})
const equipment = (name: string, rating: string, state: string, more: object = {}) => ({ name, rating, state, ...more })
const capacity = (price: string, quantityOf: unknown) => ({
  code: 'capacity',
  kind: 'fixed',
  quantity: quantityOf,
  unit: 'kVA',
  price,
  per: 'month',
  dayCount: { days: '30' },
})
const inService = { op: 'equipment', charged: ['in_service'] }

/** A document beside the bill: nothing was used. */
const adjusted = (...adjustments: readonly object[]): Given => ({
  components: [{ code: 'energy', kind: 'usage', model: perUnit('0.5') }],
  period: { quantities: [energy(0)], adjustments },
})
const due = (amount: unknown) => ({ code: 'due', kind: 'amount', amount })
const misuse = (percent: string) => ({ code: 'misuse', kind: 'percentage', of: ['due'], percent })

t.test('a whole two-part bill: lighting taken off flat counts for the power factor and bears the funds', async (t) => {
  // examk.com p/1123548778: 5000 kVA, 10 kV, 150/5; 327 024.56 in all.
  const both = { op: 'add', of: ['energy', 'lighting'] }
  const fund = (code: string, price: string) => ({ code, kind: 'usage', quantity: both, model: perUnit(price) })
  const given: Given = {
    components: [
      { code: 'lighting', kind: 'usage', quantity: 'lighting', model: perUnit('0.70') },
      capacity('15', '5000'),
      { code: 'power', kind: 'usage', slots: { calendar: 'day' }, model: bySlot('0.45', '1.5', '0.5') },
      {
        code: 'adjusted',
        kind: 'power_factor',
        of: ['capacity', 'power'],
        active: both,
        table: { standard: '0.90' },
      },
      fund('loan', '0.02'),
      fund('gorges', '0.007'),
      fund('local', '0.007'),
    ],
    version: { calendars: [day] },
    period: {
      quantities: [
        register('5953.8', '6124.4', '3000'),
        register('4639.2', '4675.1', '3000', { slot: 'peak' }),
        register('4565.9', '4592.7', '3000', { slot: 'valley' }),
        { ...register('3459.8', '3496.5', '3000'), name: 'reactive' },
      ],
      relations: [{ name: 'lighting', kind: 'fixed', value: '2000', from: { slots: ['flat'] } }],
    },
  }
  t.same(linesOf(given), [
    'lighting: 2000 × 0.7 = 1400.00',
    'capacity: 5000 × 15 = 75000.00',
    'power peak: 107700 × 0.675 = 72697.50',
    'power valley: 80400 × 0.225 = 18090.00',
    'power flat: 321700 × 0.45 = 144765.00',
    'adjusted: 310552.5 × -0.0075 = -2329.14',
    'loan: 511800 × 0.02 = 10236.00',
    'gorges: 511800 × 0.007 = 3582.60',
    'local: 511800 × 0.007 = 3582.60',
  ])
  t.equal(totalsOf(given), '327024.56')
})

t.test('losses on top of losses', async (t) => {
  // examk.com p/2985275081 and kin: line loss of 3 % is on what was metered and the transformer's own; 1037 kWh and 7200 kvarh.
  const percent = { kind: 'percent', reactive: 'reactive', percent: '3', over: 'with_losses' }
  const given = (loss: object): Given => ({
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('0.50') },
      { code: 'adjusted', kind: 'power_factor', of: ['energy'], table: { standard: '0.90' } },
    ],
    version: { lossRounding: wholes },
    period: {
      quantities: [energy(40_000), quantity('reactive', 10_000)],
      losses: [{ kind: 'given', reactive: 'reactive', activeLoss: '1037', reactiveLoss: '7200' }, loss],
    },
  })
  t.same(linesOf(given(percent)), ['energy: 42268 × 0.5 = 21134.00', 'adjusted: 21134 × -0.003 = -63.40'])
  t.match(linesOf(given({ ...percent, over: 'metered' }))[0], 'energy: 42237 ', 'or a share of what was metered alone')
  const small: Given = {
    components: [{ code: 'energy', kind: 'usage', model: perUnit('1') }],
    version: { lossRounding: wholes },
    period: {
      quantities: [energy(10_000)],
      losses: [
        { kind: 'given', activeLoss: '435' },
        { kind: 'percent', percent: '3', over: 'with_losses' },
      ],
    },
  }
  t.same(linesOf(small), ['energy: 10748 × 1 = 10748.00'])
})

t.test('capacity, power factors and classes', async (t) => {
  const powerFactor = (standard: string) => ({
    code: 'adjusted',
    kind: 'power_factor',
    of: ['energy'],
    table: { standard },
  })
  const priced = (price: string, ...more: readonly object[]): readonly object[] => [
    { code: 'energy', kind: 'usage', model: perUnit(price) },
    ...more,
  ]
  const rows: readonly (readonly [string, Given, string])[] = [
    [
      '274949.com 28841077: half of what is suspended, 1000 kVA sealed on 11 June',
      {
        components: [
          capacity('15', {
            op: 'add',
            of: [inService, product('0.5', { op: 'equipment', charged: ['suspended'] })],
          }),
        ],
        usage: {
          equipment: [
            equipment('a', '1000', 'in_service', { to: '2026-06-11' }),
            equipment('a', '1000', 'suspended', { from: '2026-06-11' }),
            equipment('b', '630', 'in_service'),
          ],
        },
      },
      '19450.00',
    ],
    [
      // Printed as 18 266.67: 400 × 20 is 8000.
      'kc22.net 237416502: 200 kVA more from 14 April',
      {
        components: [capacity('20', inService)],
        periods: [{ start: '2002-04-01', end: '2002-05-01' }],
        usage: {
          equipment: [equipment('a', '400', 'in_service'), equipment('b', '200', 'in_service', { from: '2002-04-14' })],
        },
      },
      '10266.67',
    ],
    [
      'itgle.com c_14218: an irrigation station pays no capacity, but for its power factor of 0.80',
      {
        components: priced('0.2', powerFactor('0.85')),
        period: { quantities: [energy(40_000), quantity('reactive', 30_000)] },
      },
      '8200.00',
    ],
    [
      'itgle.com c_14218: 1000 kVA and 100 000 kWh',
      { components: priced('0.46', capacity('15', '1000')), period: { quantities: [energy(100_000)] } },
      '61000.00',
    ],
    [
      'a current circuit connected the wrong way round: 200 % of what was metered, by slot (274949.com 28749569)',
      {
        components: [
          { code: 'energy', kind: 'usage', slots: { calendar: 'day' }, model: bySlot('0.40', '1.5', '0.5') },
        ],
        version: { calendars: [day] },
        period: {
          quantities: [energy(80_000), energy(30_000, { slot: 'peak' }), energy(20_000, { slot: 'valley' })],
          correctionFactors: [{ factor: '2' }],
        },
      },
      '68000.00',
    ],
    [
      'thesoulhealthandwellness.com 7d10b430: 450 kWh in three blocks',
      {
        components: [
          {
            code: 'energy',
            kind: 'usage',
            model: ladder([
              ['240', '0.49'],
              ['400', '0.53'],
              [null, '0.79'],
            ]),
          },
        ],
        period: { quantities: [energy(450)] },
      },
      '241.90',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

t.test('adjustments, misuse and theft', async (t) => {
  const ratio = { op: 'divide', of: ['1', { op: 'divide', of: [{ op: 'add', of: ['1', '1', '3/4'] }, '3'] }] }
  const rate = {
    op: 'round',
    of: { op: 'subtract', of: [ratio, '1'] },
    to: { mode: 'half_up', decimals: 4 },
  }
  const rows: readonly (readonly [string, Given, string])[] = [
    [
      'ixiawen.com 36540193: reactive energy read too low, 5 % instead of 9.5 % on 12 600 with the adjustment',
      adjusted(due({ op: 'subtract', of: [product({ op: 'divide', of: ['12600', '1.05'] }, '1.095'), '12600'] })),
      '540.00',
    ],
    ['examk.com 2985275081: a motor of 100 kVA for three months', adjusted(due(product('100', '16', '3'))), '4800.00'],
    ['… and threefold beside it', adjusted(due(product('100', '16', '3')), misuse('300')), '19200.00'],
    [
      'livelovelifegateway.com 5000508: 2 kW for 180 days of 6 hours',
      adjusted(due(product('2', '180', '6', '0.30')), misuse('300')),
      '2592.00',
    ],
    [
      'itgle.com qYdWAfR: 10 kW by 12 hours',
      adjusted(due(product('10', '180', '12', '0.5')), misuse('300')),
      '43200.00',
    ],
    ['niusouti.com qxCcIx0: 3 kW more than agreed, 50 each', adjusted(due(product('3', '50'))), '150.00'],
    [
      'swop.cn 4161132: a meter 10 % slow, half of the time since it was fitted: kWh due',
      adjusted(due(product('1/2', { op: 'subtract', of: [{ op: 'divide', of: ['900000', '0.9'] }, '900000'] }))),
      '50000.00',
    ],
    [
      'gaojiufeng.cn 2833218: one transformer of three replaced, 9.09 % of 3000 kWh; 122.715',
      adjusted(due(product('3000', rate, '0.45'))),
      '122.72',
    ],
    [
      'ixiawen.com 14355677: late by three and by eighteen days, of this year and of the last',
      adjusted(due(product('3000', '3', '0.002')), { ...due(product('2000', '18', '0.003')), code: 'last_year' }),
      '126.00',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})
