import t from 'tap'
import { type Given, ladder, perUnit, product, quantity, totalsOf } from '../offline.js'

/*
 * Tiers, packages and plans, by the numbers of suites and documentation of other billing systems. Each list names where they stand.
 */

interface Tier {
  readonly upTo?: string
  readonly price?: string
  readonly flat?: string
}

const tiers = (kind: 'graduated' | 'volume', ...blocks: readonly Tier[]) => ({ kind, blocks })
const units = (model: object, value: number | string, more: object = {}): Given => ({
  version: { rounding: {} },
  components: [{ code: 'units', kind: 'usage', quantity: 'units', unit: 'unit', model, ...more }],
  period: { quantities: [quantity('units', value)] },
})

type Rows = readonly (readonly [string, Given, string])[]
const check = (rows: Rows, equal: (found: string, wanted: string, claim: string) => unknown) => {
  for (const [claim, given, expected] of rows) equal(totalsOf(given), expected, claim)
}

t.test('BillaBear: flat and unit prices by tier', async (t) => {
  // billabear/billabear, features/Invoice/Pricing: tiered_volume, tiered_graduated, Usage/package; cents.
  const flats = [{ upTo: '10', flat: '1000' }, { flat: '1500' }] as const
  const mixed = [
    { upTo: '10', price: '1500', flat: '1000' },
    { upTo: '20', price: '1000', flat: '1500' },
    { price: '500', flat: '2500' },
  ] as const
  check(
    [
      ['volume, 50', units(tiers('volume', ...flats), 50), '1500.00'],
      ['volume, 9', units(tiers('volume', ...flats), 9), '1000.00'],
      [
        'volume, a price beside the flat amount',
        units(tiers('volume', { upTo: '10', price: '1000', flat: '1000' }, { flat: '1500' }), 9),
        '10000.00',
      ],
      [
        'volume, the cheaper tier',
        units(tiers('volume', { upTo: '10', price: '1000', flat: '1000' }, { price: '200', flat: '0' }), 11),
        '2200.00',
      ],
      ['graduated, 5', units(tiers('graduated', ...flats), 5), '1000.00'],
      ['graduated, 50', units(tiers('graduated', ...flats), 50), '2500.00'],
      [
        'graduated, 15 of three',
        units(tiers('graduated', { upTo: '10', flat: '1000' }, { upTo: '20', flat: '1500' }, { flat: '2500' }), 15),
        '2500.00',
      ],
      [
        'graduated, a price in the second',
        units(
          tiers(
            'graduated',
            { upTo: '10', flat: '1000' },
            { upTo: '20', price: '1000', flat: '1500' },
            { flat: '2500' },
          ),
          15,
        ),
        '7500.00',
      ],
      ['graduated, both in all', units(tiers('graduated', ...mixed), 25), '32500.00'],
      ['99 in packages of ten', units({ kind: 'package', size: '10', price: '250' }, 99), '2500.00'],
    ],
    t.equal.bind(t),
  )
})

t.test('UnitySVC: tiers by another number, sums, factors', async (t) => {
  // unitysvc_services, TestTieredPriceData, TestGraduatedPriceData, TestNestedCompositePricing.
  const three = tiers('volume', { upTo: '1000', flat: '10' }, { upTo: '10000', flat: '80' }, { flat: '500' })
  const two = tiers('volume', { upTo: '1000', flat: '10' }, { flat: '50' })
  const falling = ladder([
    ['1000', '0.01'],
    ['10000', '0.008'],
    [null, '0.005'],
  ])
  const perMillion = (price: string) => `${price}/1000000`
  /** All tokens at the price of a tier that the requests choose. */
  const byRequests = (name: string, steps: readonly [string, string]) => ({
    code: name,
    kind: 'usage',
    quantity: name,
    unit: 'token',
    model: {
      ...tiers('volume', { upTo: '1000', price: perMillion(steps[0]) }, { price: perMillion(steps[1]) }),
      chosenBy: 'requests',
    },
  })
  const tokens = (requests: number, input: number, output: number, ...components: readonly object[]): Given => ({
    version: { rounding: {} },
    components,
    period: {
      quantities: [quantity('requests', requests), quantity('input', input), quantity('output', output)],
    },
  })
  const both = (requests: number) =>
    tokens(requests, 100_000, 50_000, byRequests('input', ['3', '1.5']), byRequests('output', ['15', '7.5']))
  const all = (input: number): Given =>
    tokens(0, input, 100_000, {
      code: 'tokens',
      kind: 'usage',
      quantity: { op: 'add', of: ['input', 'output'] },
      model: {
        ...tiers('volume', { upTo: '1000000', price: perMillion('5') }, { price: perMillion('2.5') }),
        chosenBy: 'input',
      },
    })
  const platform = { code: 'platform', kind: 'fixed', price: '5', per: 'period' }
  const withFee = (requests: number): Given => {
    const given = units(two, requests)
    return { ...given, components: [...given.components, platform] }
  }
  const nested = (requests: number): Given =>
    tokens(
      requests,
      1_000_000,
      0,
      { ...byRequests('input', ['10', '5']), multiple: '0.90' },
      { ...platform, price: '2' },
    )
  check(
    [
      ['the first of three', units(three, 500), '10.00'],
      ['the second', units(three, 5000), '80.00'],
      ['the last', units(two, 50_000), '50.00'],
      ['just the bound', units(two, 1000), '10.00'],
      ['all tokens, few of them input', all(500_000), '3.00'],
      ['… many', all(5_000_000), '12.75'],
      ['two prices, few requests', both(500), '1.05'],
      ['… many', both(5000), '0.525'],
      ['graduated: one tier', units(falling, 500), '5.00'],
      ['two tiers', units(falling, 5000), '42.00'],
      ['three tiers', units(falling, 15_000), '107.00'],
      [
        'millionths',
        units(
          ladder([
            ['1000000', '0.000005'],
            [null, '0.0000025'],
          ]),
          3_000_000,
        ),
        '10.00',
      ],
      ['nothing', units(falling, 0), '0.00'],
      ['with a fee, few', withFee(500), '15.00'],
      ['… many', withFee(5000), '55.00'],
      [
        'a discount on a tier',
        units(tiers('volume', { upTo: '1000', flat: '100' }, { flat: '500' }), 5000, { multiple: '0.80' }),
        '400.00',
      ],
      ['a discount within, a fee outside', nested(500), '11.00'],
      ['… many', nested(5000), '6.50'],
    ],
    t.equal.bind(t),
  )
})

t.test('documentation of charge models', async (t) => {
  const oracle = [{ upTo: '250', flat: '10' }, { upTo: '500', flat: '20' }, { flat: '30' }] as const
  const perCount = [{ upTo: '250', price: '1' }, { upTo: '500', price: '2' }, { price: '3' }] as const
  const zuplo = [{ upTo: '1000', price: '0.10' }, { upTo: '10000', price: '0.05' }, { price: '0.01' }] as const
  check(
    [
      [
        'docs.oracle.com, Examples for Tier Based Amount: slabs without unit',
        units(tiers('graduated', ...oracle), 1000),
        '60.00',
      ],
      ['… slabs with unit', units(tiers('graduated', ...perCount), 1000), '2250.00'],
      ['… variable without unit', units(tiers('volume', ...oracle), 1000), '30.00'],
      ['… variable with unit', units(tiers('volume', ...perCount), 1000), '3000.00'],
      ['zuplo.com, pricing models: graduated', units(tiers('graduated', ...zuplo), 15_000), '600.00'],
      ['… volume', units(tiers('volume', ...zuplo), 15_000), '150.00'],
      ['zuplo.com: per unit', units(perUnit('0.001'), 100_000), '100.00'],
      [
        'docs.flexprice.io, tiered: 4500 in packages of a thousand of the tier that they reach',
        units({ kind: 'volume', blocks: [{ upTo: '10000', price: '1', size: '1000' }, { price: '0.0006' }] }, 4500),
        '5.00',
      ],
      [
        '… 65 000 at the price of the last tier',
        units({ kind: 'volume', blocks: [{ upTo: '10000', price: '1', size: '1000' }, { price: '0.0006' }] }, 65_000),
        '39.00',
      ],
      [
        'Algharem/electric-power-vending-system: 750 kWh',
        units(
          ladder([
            ['100', '0.10'],
            ['500', '0.15'],
            ['1000', '0.20'],
            [null, '0.25'],
          ]),
          750,
        ),
        '120.00',
      ],
    ],
    t.equal.bind(t),
  )
  // getlago.com, graduated percentage: three payments one after another in a month, a flat fee when a tier is entered.
  const model = {
    ...tiers(
      'graduated',
      { upTo: '1000', price: '0.01', flat: '200' },
      { upTo: '10000', price: '0.02', flat: '300' },
      { price: '0.03', flat: '400' },
    ),
    scope: { of: 'month' },
  }
  const settled = (number: number, start: string, end: string, paid: number) => ({
    start,
    end,
    settlement: { number, last: number === 3 },
    quantities: [quantity('paid', paid)],
  })
  t.equal(
    totalsOf({
      components: [{ code: 'fee', kind: 'usage', quantity: 'paid', unit: 'USD', model }],
      periods: [
        settled(1, '2026-06-01', '2026-06-11', 500),
        settled(2, '2026-06-11', '2026-06-21', 550),
        settled(3, '2026-06-21', '2026-07-01', 4000),
      ],
    }),
    '205.00 306.00 80.00',
  )
})

t.test('a penalty in power factor and other single charges', async (t) => {
  const perKw = (kw: unknown, price: string): Given => ({
    components: [{ code: 'demand', kind: 'fixed', quantity: kw, unit: 'kW', price, per: 'period' }],
    period: { quantities: [quantity('apparent', 1000, { unit: 'kVA' }), quantity('active', 800, { unit: 'kW' })] },
  })
  check(
    [
      ['foretaggroup.com, power factor formulas: kVA', perKw('apparent', '10'), '10000.00'],
      [
        '… 90 % of kVA, above kW',
        perKw({ op: 'subtract', of: [{ op: 'max', of: ['active', product('0.90', 'apparent')] }, 'active'] }, '10'),
        '1000.00',
      ],
      ...(
        [
          ['1', '3290.00'],
          ['1.1', '3594.00'],
        ] as const
      ).map(([share, expected]): readonly [string, Given, string] => [
        `mfgcalcs.com: 640 kW penalised, ${share} of it`,
        {
          components: [
            { code: 'penalty', kind: 'usage', quantity: '640', unit: 'kW', model: perUnit('4.75'), multiple: share },
            { code: 'service', kind: 'fixed', price: '250', per: 'period' },
          ],
        },
        expected,
      ]),
    ],
    t.equal.bind(t),
  )
})
