import t from 'tap'
import { energy, type Given, ladder, linesOf, monthly, perUnit, quantity, totalsOf } from '../offline.js'

/*
 * Cases of the test suites of other systems, by the numbers they expect. Each list names the repository; what their tests get wrong is said where
 * it stands.
 */

const down = (decimals: number) => ({ mode: 'down', decimals })
const halfUp = (decimals: number) => ({ mode: 'half_up', decimals })
type Steps = readonly (readonly [string | null, string])[]

t.test('ampere charge and steps in whole yen', async (t) => {
  // enechange/EnergyDataSimulationChallenge, challengeA/shogo_hori/spec/company: all units at the price of the step reached, units half up, yen down.
  const japan = (steps: Steps, basic: number, kwh: number | string): Given => ({
    tariff: { currency: { code: 'JPY', decimals: 0 } },
    version: { rounding: { total: down(0) } },
    components: [
      { code: 'basic', kind: 'fixed', per: 'period', price: String(basic) },
      { code: 'energy', kind: 'usage', rounding: { quantity: halfUp(0) }, model: ladder(steps, {}, 'volume') },
    ],
    period: { quantities: [energy(kwh)] },
  })
  const gas: Steps = [
    ['140', '23.67'],
    ['350', '23.88'],
    [null, '26.41'],
  ]
  const tepco: Steps = [
    ['120', '19.88'],
    ['300', '26.48'],
    [null, '30.57'],
  ]
  const gasOf30: readonly (readonly [number | string, number])[] = [
    [0, 858],
    [1, 881],
    [70, 2514],
    [140, 4171],
    [141, 4225],
    [245, 6708],
    [350, 9216],
    [351, 10_127],
    [999_999, 26_410_831],
    ['110.46', 3461],
    ['198.65', 5610],
  ]
  for (const basic of [858, 1144, 1430, 1716])
    for (const [kwh, yen] of gasOf30)
      t.equal(totalsOf(japan(gas, basic, kwh)), String(yen - 858 + basic), `Tokyo Gas, ${basic} and ${kwh} kWh`)
  const tepcoOf10: readonly (readonly [number | string, number])[] = [
    [0, 286],
    [1, 305],
    [60, 1478],
    [120, 2671],
    [121, 3490],
    [210, 5846],
    [300, 8230],
    [301, 9487],
    [999_999, 30_570_255],
    ['110.46', 2472],
    ['198.65', 5555],
  ]
  for (const basic of [286, 429, 572, 858, 1144, 1430, 1716])
    for (const [kwh, yen] of tepcoOf10)
      t.equal(totalsOf(japan(tepco, basic, kwh)), String(yen - 286 + basic), `TEPCO, ${basic} and ${kwh} kWh`)
})

const twoSlots = {
  name: 'tou',
  slots: [
    { name: 'on', when: [{ days: ['weekday'], windows: [{ from: '09:00', to: '22:00' }] }] },
    { name: 'off', otherwise: true },
  ],
}

t.test('Thailand: steps or time of use, a fuel rate in satang, VAT', async (t) => {
  // Test data of a calculator for MEA and PEA (MEA_TEST_DATA, PEA_TEST_DATA). One total is printed as 1659.86: its parts come to 1658.86.
  const bill = (energyModel: object, service: string, fuel: string, quantities: readonly object[]): Given => ({
    tariff: { currency: { code: 'THB', decimals: 2 } },
    version: { calendars: [twoSlots] },
    components: [
      { code: 'energy', kind: 'usage', ...energyModel },
      monthly('service', service),
      { code: 'fuel', kind: 'usage', model: perUnit(fuel) },
      { code: 'vat', kind: 'percentage', of: ['energy', 'service', 'fuel'], percent: '7' },
    ],
    period: { quantities },
  })
  const steps = {
    model: ladder([
      ['150', '3.2484'],
      ['400', '4.2218'],
      [null, '4.4217'],
    ]),
  }
  const slots = {
    slots: { calendar: 'tou' },
    model: { kind: 'per_unit', prices: { on: '5.7982', off: '2.6369' } },
  }
  const flat = { model: perUnit('3.9086') }
  const used = (on: number, off: number) => [energy(on, { slot: 'on' }), energy(off, { slot: 'off' })]
  const rows: readonly (readonly [object, string, readonly object[], string, string])[] = [
    [steps, '33.29', [energy(500)], '2264.94', '2371.94'],
    [steps, '33.29', [energy(150)], '588.64', '620.74'],
    [steps, '33.29', [energy(400)], '1770.72', '1856.32'],
    [flat, '312.24', [energy(1000)], '4727.30', '4941.30'],
    [slots, '33.29', used(200, 300), '2228.38', '2335.38'],
    [slots, '33.29', used(500, 0), '3243.16', '3350.16'],
    [slots, '33.29', used(0, 500), '1551.86', '1658.86'],
  ]
  for (const [model, service, quantities, mea, pea] of rows) {
    t.equal(totalsOf(bill(model, service, '0.1972', quantities)), mea)
    t.equal(totalsOf(bill(model, service, '0.3972', quantities)), pea)
  }
  t.equal(linesOf(bill(steps, '33.29', '0.1972', [energy(0)])).at(-1), 'vat: 33.29 × 0.07 = 2.33')
})

t.test('tiers of catalogues', async (t) => {
  const units = (model: object, value: number | string, more: object = {}): Given => ({
    components: [{ code: 'units', kind: 'usage', quantity: 'units', unit: 'unit', model, ...more }],
    version: { rounding: {} },
    period: { quantities: [quantity('units', value)] },
  })
  const sized = (kind: string, ...blocks: readonly (readonly [string | null, string, string])[]) => ({
    kind,
    blocks: blocks.map(([upTo, size, price]) => ({ ...(upTo === null ? {} : { upTo }), size, price })),
  })
  // killbill/killbill, TestContiguousIntervalConsumableInArrear: ALL_TIERS and TOP_TIER, a tier holds so many blocks of a size.
  const ones: Steps = [
    ['10', '1.5'],
    ['110', '1.0'],
    ['1110', '0.5'],
  ]
  const foo: Steps = [
    ['10', '1'],
    ['60', '10'],
    [null, '100'],
  ]
  const bar: Steps = [
    ['100', '2'],
    [null, '20'],
  ]
  const top = sized('volume', ['1000', '100', '1'], ['101000', '1000', '1'], [null, '1000', '0.5'])
  const rows: readonly (readonly [string, Given, string])[] = [
    ['all tiers, 111 units', units(ladder(ones), 111), '115.50'],
    ['top tier, 111 units', units(ladder(ones, {}, 'volume'), 111), '55.50'],
    [
      'all tiers, blocks of 100 and of 1000',
      units(sized('graduated', ['1000', '100', '1'], [null, '1000', '1']), 5325),
      '15.00',
    ],
    ['top tier, at the first bound', units(top, 1000), '10.00'],
    ['top tier, at the second bound', units(top, 101_000), '101.00'],
    ['top tier, one above it', units(top, 101_001), '51.00'],
    ['top tier, beyond all bounds', units(top, 300_000), '150.00'],
    ['minutes by the thousand', units({ kind: 'package', size: '1000', price: '0.5' }, 1000), '0.50'],
    ['megabytes by 512', units({ kind: 'package', size: '512', price: '0.3' }, 30_720), '18.00'],
    ['401 units in blocks of 100', units({ kind: 'package', size: '100', price: '1' }, 401), '5.00'],
    ['199 units in blocks of 100', units({ kind: 'package', size: '100', price: '1' }, 199), '2.00'],
    ['foo, all tiers', units(ladder(foo), 75), '2010.00'],
    ['foo, top tier', units(ladder(foo, {}, 'volume'), 76), '7600.00'],
    ['bar, all tiers, below', units(ladder(bar), 99), '198.00'],
    ['bar, all tiers, above', units(ladder(bar), 101), '220.00'],
    ['bar, top tier', units(ladder(bar, {}, 'volume'), 101), '2020.00'],
    // kakanghosh/pricing-engine: ten at 100, further ones at 150.
    [
      'graduated, 8 units',
      units(
        ladder([
          ['10', '100'],
          ['50', '150'],
        ]),
        8,
      ),
      '800.00',
    ],
    [
      'graduated, 15 units',
      units(
        ladder([
          ['10', '100'],
          ['50', '150'],
        ]),
        15,
      ),
      '1750.00',
    ],
    // NREL/REopt_API, energy tiers: 0.07531 and 0.0119 up to 1000 kWh, 2000 kWh in each of twelve months.
    [
      'two tiers, 2000 kWh a month',
      units(
        ladder([
          ['1000', '0.08721'],
          [null, '0.10803'],
        ]),
        2000,
      ),
      '195.24',
    ],
    // joya-energy, flat-rate brackets: the whole use at the price of its bracket.
    [
      'brackets, 150',
      units(
        ladder(
          [
            ['200', '0.195'],
            ['300', '0.240'],
            ['500', '0.333'],
            [null, '0.391'],
          ],
          {},
          'volume',
        ),
        150,
      ),
      '29.25',
    ],
    [
      'brackets, 400',
      units(
        ladder(
          [
            ['200', '0.195'],
            ['300', '0.240'],
            ['500', '0.333'],
            [null, '0.391'],
          ],
          {},
          'volume',
        ),
        400,
      ),
      '133.20',
    ],
    [
      'brackets, 600',
      units(
        ladder(
          [
            ['200', '0.195'],
            ['300', '0.240'],
            ['500', '0.333'],
            [null, '0.391'],
          ],
          {},
          'volume',
        ),
        600,
      ),
      '234.60',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
  // usms (Brunei): 0.01 up to 600, 0.08 up to 2000, 0.10 up to 4000, 0.12 above; expected to five cents.
  const brunei: Steps = [
    ['600', '0.01'],
    ['2000', '0.08'],
    ['4000', '0.10'],
    [null, '0.12'],
  ]
  const cents: readonly (readonly [string, string])[] = [
    ['0', '0.00'],
    ['1', '0.01'],
    ['123', '1.23'],
    ['420', '4.20'],
    ['1387.5', '69.00'],
    ['1900', '110.00'],
    ['3100', '228.00'],
    ['4206.9', '342.828'],
    ['4855.75', '420.69'],
    ['5100', '450.00'],
  ]
  for (const [used, expected] of cents) t.equal(totalsOf(units(ladder(brunei), used)), expected, `${used} kWh`)
  // Vietnam, BTL_DBCLPM and the like: six steps in dong.
  const vietnam: Steps = [
    ['50', '1806'],
    ['100', '1866'],
    ['200', '2167'],
    ['300', '2729'],
    ['400', '3050'],
    [null, '3151'],
  ]
  const dong: readonly (readonly [number, string])[] = [
    [0, '0.00'],
    [50, '90300.00'],
    [100, '183600.00'],
    [200, '400300.00'],
    [300, '673200.00'],
    [400, '978200.00'],
    [500, '1293300.00'],
  ]
  for (const [used, expected] of dong) t.equal(totalsOf(units(ladder(vietnam), used)), expected, `${used} kWh`)
  // MicheleRezk/TariffComparison: five euros a month and 22 cents; or 800 euros for 4000 kWh a year, 30 cents above.
  const year = (components: readonly object[], kwh: number): Given => ({
    components,
    periods: [{ start: '2026-01-01', end: '2027-01-01', quantities: [energy(kwh)] }],
  })
  const basic = [monthly('base', '5'), { code: 'energy', kind: 'usage', model: perUnit('0.22') }]
  const packaged = [
    {
      code: 'energy',
      kind: 'usage',
      model: { kind: 'graduated', flatAtZero: true, blocks: [{ upTo: '4000', flat: '800' }, { price: '0.30' }] },
    },
  ]
  for (const [kwh, expected] of [
    [3500, '830.00'],
    [4500, '1050.00'],
    [6000, '1380.00'],
  ] as const)
    t.equal(totalsOf(year(basic, kwh)), expected)
  for (const [kwh, expected] of [
    [3500, '800.00'],
    [4500, '950.00'],
    [6000, '1400.00'],
  ] as const)
    t.equal(totalsOf(year(packaged, kwh)), expected)
})

t.test('commitments and discounts of usage-based billing', async (t) => {
  // openmeterio/openmeter, priceunit_test.go and pricedynamic_test.go: least and highest spend over settlements, a discount before the highest.
  const settled = (components: readonly object[], before: number, now: number): Given => ({
    components,
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-16',
        settlement: { number: 1, last: false },
        quantities: [quantity('units', before)],
      },
      {
        start: '2026-06-16',
        end: '2026-07-01',
        settlement: { number: 2, last: true },
        quantities: [quantity('units', now)],
      },
    ],
  })
  const priced = (price: string) => ({
    code: 'units',
    kind: 'usage',
    quantity: 'units',
    unit: 'unit',
    model: perUnit(price),
  })
  const least = { code: 'least', kind: 'minimum', of: ['units'], amount: '100', level: 'month' }
  const most = { code: 'most', kind: 'maximum', of: ['units'], amount: '100', level: 'month' }
  const half = { code: 'discount', kind: 'percentage', of: ['units'], percent: '50', multiple: '-1' }
  const rows: readonly (readonly [string, Given, string])[] = [
    ['nothing used', settled([priced('10')], 0, 0), '0.00 0.00'],
    ['nothing used, at least 100 on the last settlement', settled([priced('10'), least], 0, 0), '0.00 100.00'],
    ['used in both', settled([priced('100')], 10, 10), '1000.00 1000.00'],
    ['at most 100, just reached', settled([priced('10'), most], 0, 10), '0.00 100.00'],
    ['at most 100, 70 charged before', settled([priced('10'), most], 7, 5), '70.00 30.00'],
    ['a dynamic price', settled([priced('1.33333')], 0, 10), '0.00 13.33'],
    ['a dynamic price, at most 100', settled([priced('1.33333'), most], 70, 50), '93.33 6.67'],
    [
      'half off, then at most 100',
      settled([priced('10'), half, { ...most, of: ['units', 'discount'] }], 7, 20),
      '35.00 65.00',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})
