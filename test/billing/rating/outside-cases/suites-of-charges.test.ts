import t from 'tap'
import { type Given, intervals, ladder, linesOf, perUnit, quantity, totalsOf } from '../offline.js'

/*
 * Charge models of usage-based billing, by the numbers that the suites of other systems expect. Each list names the repository and the file.
 */

type Steps = readonly (readonly [string | null, string])[]
type FlatSteps = readonly (readonly [upTo: string | null, price: string | null, flat: string | null])[]

const flats = (kind: string, steps: FlatSteps, more: object = {}) => ({
  kind,
  blocks: steps.map(([upTo, price, flat]) => ({
    ...(upTo === null ? {} : { upTo }),
    ...(price === null ? {} : { price }),
    ...(flat === null ? {} : { flat }),
  })),
  ...more,
})
const units = (model: object, value: number | string, more: object = {}): Given => ({
  version: { rounding: {} },
  components: [{ code: 'units', kind: 'usage', quantity: 'units', unit: 'unit', model, ...more }],
  period: { quantities: [quantity('units', value)] },
})
const charged = (
  rows: readonly (readonly [string, Given, string])[],
  t: { readonly equal: (found: string, wanted: string, claim: string) => unknown },
) => {
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
}

t.test('Lago: percentage of each payment, with free events, a free amount, a least and a most', async (t) => {
  // getlago/lago-api, spec/services/charge_models/percentage_service_spec.rb: 50, 100, 250 and 400, 1.3 % and 2 each; then 10, 80 and 10 000 at 2.99 %.
  const fee = (model: object, ...events: readonly number[]): Given => ({
    version: { rounding: {} },
    components: [{ code: 'fee', kind: 'usage', quantity: 'paid', unit: 'USD', model: { kind: 'per_event', ...model } }],
    period: { quantities: [{ name: 'paid', events: events.map(String) }] },
  })
  const four = (free: object, model: object = { price: '0.013', flat: '2' }) =>
    fee({ ...model, free }, 50, 100, 250, 400)
  const bounded = { price: '0.0299', least: '1.75', most: '12' }
  const three = (model: object) => fee({ ...bounded, ...model }, 10, 80, 10_000)
  charged(
    [
      ['nothing paid', fee({ price: '0.013', flat: '2' }), '0.00'],
      ['three events or 250 free', four({ events: '3', quantity: '250' }), '11.15'],
      ['four payments of one at 2.9 %', fee({ price: '0.029' }, 1, 1, 1, 1), '0.116'],
      ['a rate of nothing', four({}, { price: '0', flat: '2' }), '8.00'],
      ['250 free', four({ quantity: '250' }), '11.15'],
      ['three events free', four({ events: '3' }), '7.20'],
      ['nothing free', four({}), '18.40'],
      ['three events or 500 free', four({ events: '3', quantity: '500' }), '7.20'],
      [
        'more free events than there are',
        fee({ price: '0.013', flat: '2', free: { events: '5' } }, 50, 100, 250),
        '0.00',
      ],
      ['no bounds', fee({ price: '0.0299' }, 10, 80, 10_000), '301.691'],
      ['from 1.75 to 12', three({}), '16.142'],
      ['… with 2 for each', three({ flat: '2' }), '18.691'],
      ['… two events free', three({ free: { events: '2' } }), '12.00'],
      ['… 30 free', three({ free: { quantity: '30' } }), '13.794'],
      ['… three events or 10 000 free', three({ free: { events: '3', quantity: '10000' } }), '2.691'],
    ],
    t,
  )
})

t.test('Lago: graduated percentage, graduated, volume, package and dynamic charges', async (t) => {
  // The specs beside it. A range from 11 is one above 10; whole units only.
  const percent = flats('graduated', [
    ['10', '0.01', '200'],
    ['20', '0.02', '300'],
    [null, '0.03', '400'],
  ])
  const graduated = flats(
    'graduated',
    [
      ['10', '10', '2'],
      ['20', '5', '3'],
      [null, '5', '3'],
    ],
    { flatAtZero: true },
  )
  const fine = ladder([
    ['0.1', '10'],
    ['1', '5'],
    [null, '2'],
  ])
  const volume = flats(
    'volume',
    [
      ['100', '2', '10'],
      ['200', '1', null],
      [null, '0.5', '50'],
    ],
    { flatAtZero: true },
  )
  const packages = (size: string, price: string) => ({ kind: 'package', size, price })
  const each = (model: object, name: string, rows: readonly (readonly [number, string])[]) =>
    rows.map(([used, expected]) => [`${name}, ${used}`, units(model, used), expected] as const)
  charged(
    [
      ...each(percent, 'graduated percentage', [
        [0, '0.00'],
        [1, '200.01'],
        [10, '200.10'],
        [11, '500.12'],
        [12, '500.14'],
        [21, '900.33'],
      ]),
      ...each(graduated, 'graduated', [
        [0, '2.00'],
        [1, '12.00'],
        [10, '102.00'],
        [11, '110.00'],
        [12, '115.00'],
        [21, '163.00'],
      ]),
      ...each(fine, 'graduated by tenths', [
        [0.05, '0.50'],
        [0.5, '3.00'],
      ]),
      ...each(volume, 'volume', [
        [0, '10.00'],
        [1, '12.00'],
        [100, '210.00'],
        [100.5, '100.50'],
        [101, '101.00'],
        [200, '200.00'],
        [300, '200.00'],
        [210, '155.00'],
      ]),
      ['13 packages of ten', units(packages('10', '100'), 121), '1300.00'],
      ['… ten units free', units(packages('10', '100'), 121, { free: '10' }), '1200.00'],
      ['… 200 units free', units(packages('10', '100'), 121, { free: '200' }), '0.00'],
      // 300 units for 19.86 of 30 days: chosen by all of them, charged for their time.
      ['volume by time', units({ ...volume, chosenBy: '300' }, '198.6'), '149.30'],
    ],
    t,
  )
  // What an event costs comes with it: 20 units for 40.2 cents.
  const dynamic: Given = {
    version: { rounding: {} },
    components: [{ code: 'dynamic', kind: 'amount', amount: 'cost', quantity: 'units', unit: 'unit' }],
    period: { quantities: [quantity('units', 20), quantity('cost', '0.402')] },
  }
  t.same(linesOf(dynamic), ['dynamic: 20 × 0.0201 = 0.402'])
})

t.test('Flexprice: packages, slabs, and the highest of each bucket', async (t) => {
  // flexprice/flexprice, internal/service/price_test.go.
  const steps: Steps = [
    ['10', '50'],
    ['20', '40'],
    [null, '30'],
  ]
  const hundred = { kind: 'package', size: '100', price: '1' }
  // Rounded down: whole packages only.
  const wholes = perUnit('1')
  const down = { convert: { multiply: '1/100', rounding: { mode: 'down', decimals: 0 } }, unit: 'package' }
  const free = ladder([
    ['5', '0'],
    ['10', '2'],
    [null, '3'],
  ])
  const withFlats = flats('graduated', [
    ['5', '0', '1'],
    ['10', '1', '2'],
    [null, '2', '0'],
  ])
  const edge = ladder([
    ['1', '10'],
    ['2', '20'],
    [null, '30'],
  ])
  const each = (model: object, name: string, rows: readonly (readonly [number, string])[], more: object = {}) =>
    rows.map(([used, expected]) => [`${name}, ${used}`, units(model, used, more), expected] as const)
  charged(
    [
      ['a flat fee of 100, five times', units(perUnit('100'), 5), '500.00'],
      ['25 in packages of ten', units({ kind: 'package', size: '10', price: '50' }, 25), '150.00'],
      ...each(ladder(steps, {}, 'volume'), 'volume', [
        [5, '250.00'],
        [15, '600.00'],
        [25, '750.00'],
      ]),
      ...each(ladder(steps), 'slabs', [
        [5, '250.00'],
        [15, '700.00'],
        [25, '1050.00'],
      ]),
      ...each(hundred, 'started packages', [
        [2, '1.00'],
        [100, '1.00'],
        [150, '2.00'],
        [300, '3.00'],
        [0, '0.00'],
        [99, '1.00'],
        [101, '2.00'],
        [50, '1.00'],
        [250, '3.00'],
      ]),
      ...each(
        wholes,
        'whole packages',
        [
          [50, '0.00'],
          [250, '2.00'],
        ],
        down,
      ),
      ...each(free, 'slabs from nothing', [
        [3, '0.00'],
        [5, '0.00'],
        [7, '4.00'],
        [10, '10.00'],
        [11, '13.00'],
        [15, '25.00'],
      ]),
      ...each(withFlats, 'slabs with flat amounts', [
        [3, '1.00'],
        [7, '5.00'],
        [12, '12.00'],
      ]),
      ...each(edge, 'slabs of one', [
        [0, '0.00'],
        [1, '10.00'],
        [2, '30.00'],
        [3, '60.00'],
        [2.5, '45.00'],
      ]),
    ],
    t,
  )
  // A bucket is a day here: what was reached in each is priced by itself.
  const buckets = (model: object, ...reached: readonly number[]): Given => ({
    version: { rounding: {} },
    components: [
      {
        code: 'bucket',
        kind: 'usage',
        quantity: { op: 'demand', of: 'level', minutes: 1440, take: 'sum_of_days' },
        unit: 'unit',
        model,
      },
    ],
    periods: [
      {
        start: '2026-06-01',
        end: `2026-06-0${reached.length + 1}`,
        quantities: [{ ...intervals('2026-06-01', reached, { minutes: 1440, unit: 'kW' }), name: 'level' }],
      },
    ],
  })
  const byDay = { scope: { of: 'day' } }
  const falling: Steps = [
    ['10', '0.10'],
    ['20', '0.05'],
    [null, '0.02'],
  ]
  charged(
    [
      ['a price for all buckets', buckets(perUnit('0.10'), 9, 10), '1.90'],
      ['packages of each bucket', buckets({ kind: 'package', size: '10', price: '1', ...byDay }, 9, 10), '2.00'],
      ['slabs of each bucket', buckets(ladder(falling, byDay), 9, 15), '2.15'],
      ['volume of each bucket', buckets(ladder(falling, byDay, 'volume'), 9, 15), '1.65'],
      ['buckets of nothing', buckets(perUnit('0.10'), 0, 5, 0), '0.50'],
      [
        'four buckets in packages of 100',
        buckets({ kind: 'package', size: '100', price: '5', ...byDay }, 50, 150, 200, 99),
        '30.00',
      ],
    ],
    t,
  )
})

t.test('OpenMeter: tiers over the settlements of a month, least and highest spend', async (t) => {
  // openmeterio/openmeter, openmeter/billing/service/lineservice: pricegraduatedtiered_test.go, pricevolumetiered_test.go, pricepackage_test.go.
  const month = { scope: { of: 'month' } }
  const tiers: FlatSteps = [
    ['5', '0', '100'],
    ['10', null, '50'],
    ['15', '5', null],
    [null, '1', null],
  ]
  const settled = (
    model: object,
    used: readonly number[],
    bounds: readonly object[] = [],
    more: object = {},
  ): Given => ({
    version: { rounding: {} },
    components: [{ code: 'units', kind: 'usage', quantity: 'units', unit: 'unit', model, ...more }, ...bounds],
    periods: used.map((value, index) => ({
      start: ['2026-06-01', '2026-06-16'][used.length === 1 ? 0 : index],
      end: index === used.length - 1 ? '2026-07-01' : '2026-06-16',
      settlement: { number: index + 1, last: index === used.length - 1 },
      quantities: [quantity('units', value)],
    })),
  })
  const least = (amount: string) => ({ code: 'least', kind: 'minimum', of: ['units'], amount, level: 'month' })
  // What exceeds the highest spend of the month is given back on each settlement.
  const most = (amount: string) => ({ code: 'most', kind: 'maximum', of: ['units'], amount, level: 'month' })
  const graduated = flats('graduated', tiers, { flatAtZero: true, ...month })
  const totals = flats(
    'graduated',
    [
      ['5', null, '100'],
      ['10', null, '50'],
      ['15', '10', null],
      [null, '5', null],
    ],
    { flatAtZero: true, ...month },
  )
  const volume = flats(
    'volume',
    [
      ['5', null, '100'],
      ['10', null, '150'],
      ['15', '10', null],
      [null, '5', null],
    ],
    { flatAtZero: true, ...month },
  )
  const packages = { kind: 'package', size: '10', price: '15', ...month }
  charged(
    [
      ['a tier with a flat amount that is due already', settled(graduated, [7, 1]), '150.00 0.00'],
      ['several tiers at once', settled(graduated, [22]), '182.00'],
      ['… and over two settlements', settled(graduated, [12, 10]), '160.00 22.00'],
      ['no use, at least 1000', settled(graduated, [0, 0], [least('1000')]), '100.00 900.00'],
      ['a little use, at least 1000', settled(graduated, [2, 0], [least('1000')]), '100.00 900.00'],
      ['at most 170', settled(graduated, [12, 10], [most('170')]), '160.00 10.00'],
      ...(
        [
          [0, '100.00'],
          [3, '100.00'],
          [5, '100.00'],
          [5.001, '150.00'],
          [7, '150.00'],
          [12, '170.00'],
          [22, '235.00'],
        ] as const
      ).map(([used, expected]) => [`graduated totals, ${used}`, settled(totals, [used]), expected] as const),
      ...(
        [
          [0, '100.00'],
          [3, '100.00'],
          [5, '100.00'],
          [14, '140.00'],
          [15, '150.00'],
          [16, '80.00'],
          [100, '500.00'],
        ] as const
      ).map(([used, expected]) => [`volume, ${used}`, settled(volume, [used]), expected] as const),
      ['volume, no use, at least 150', settled(volume, [0], [least('150')]), '150.00'],
      ['volume, more than the least', settled(volume, [100], [least('100')]), '500.00'],
      ['volume, less than the least', settled(volume, [5], [least('150')]), '150.00'],
      ['volume, just the least', settled(volume, [5], [least('100')]), '100.00'],
      ['volume, just the most', settled(volume, [5], [most('100')]), '100.00'],
      ['volume, more than the most', settled(volume, [7], [most('125')]), '125.00'],
      // Volume is priced once the month is over: nothing on the first settlement.
      ['volume of the month', settled(volume, [10, 0], [], { level: 'month' }), '0.00 150.00'],
      ['no package', settled(packages, [0]), '0.00'],
      ['no package, at least 100', settled(packages, [0, 0], [least('100')]), '0.00 100.00'],
      ['a full package', settled(packages, [10]), '15.00'],
      ['a package begun before', settled(packages, [17, 5]), '30.00 15.00'],
      ['packages, at most 100', settled(packages, [60, 50], [most('100')]), '90.00 10.00'],
      ...(
        [
          [1, '15.00'],
          [9, '15.00'],
          [11, '30.00'],
        ] as const
      ).map(([used, expected]) => [`packages, ${used}`, settled(packages, [used]), expected] as const),
    ],
    t,
  )
})

t.test('Kill Bill: a capacity tier that several units choose together', async (t) => {
  // killbill/killbill, TestContiguousIntervalCapacityInArrear: 100/1000/50 for 10, 200/2000/100 for 20, anything for 30.
  const tierOf = (name: string, first: string, second: string) => ({
    op: 'table',
    by: name,
    rows: [{ upTo: first, value: '1' }, { upTo: second, value: '2' }, { value: '3' }],
  })
  const capacity = (unit1: number, unit2: number, unit3: number): Given => ({
    components: [
      {
        code: 'capacity',
        kind: 'usage',
        quantity: '1',
        unit: 'month',
        model: {
          ...flats('volume', [
            ['1', null, '10'],
            ['2', null, '20'],
            [null, null, '30'],
          ]),
          chosenBy: {
            op: 'max',
            of: [tierOf('unit1', '100', '200'), tierOf('unit2', '1000', '2000'), tierOf('unit3', '50', '100')],
          },
        },
      },
    ],
    period: { quantities: [quantity('unit1', unit1), quantity('unit2', unit2), quantity('unit3', unit3)] },
  })
  charged(
    [
      ['all of the first tier', capacity(100, 1000, 50), '10.00'],
      ['one of the second', capacity(100, 1001, 0), '20.00'],
      ['the other of the second', capacity(101, 1000, 0), '20.00'],
      ['both of the second', capacity(101, 1001, 0), '20.00'],
      ['one beyond all bounds', capacity(10, 2001, 0), '30.00'],
    ],
    t,
  )
  // erpclaw-billing: 500 kWh at 0.10 and 25; 600 kWh in three tiers and 10.
  const erp = (model: object, base: string, kwh: number): Given => ({
    components: [
      { code: 'energy', kind: 'usage', model },
      { code: 'base', kind: 'fixed', per: 'month', price: base },
    ],
    period: { quantities: [quantity('energy', kwh)] },
  })
  const three = ladder([
    ['100', '0.05'],
    ['500', '0.10'],
    [null, '0.15'],
  ])
  t.equal(totalsOf(erp(perUnit('0.10'), '25', 500)), '75.00')
  t.equal(totalsOf(erp(three, '10', 600)), '70.00')
})
