import t from 'tap'
import { energy, type Given, ladder, linesOf, quantity, totalsOf } from './offline.js'

/** A model on a quantity of units, in dollars without rounding. */
function units(model: object, value: number | string, more: object = {}): Given {
  return {
    components: [{ code: 'units', kind: 'usage', quantity: 'units', unit: 'unit', model, ...more }],
    version: { rounding: {} },
    tariff: { currency: { code: 'USD', decimals: 2 } },
    period: { quantities: [quantity('units', value)] },
  }
}

const lagoGraduated = {
  kind: 'graduated',
  blocks: [
    { upTo: '10', price: '10', flat: '2' },
    { price: '5', flat: '3' },
  ],
}
const lagoGraduatedPercentage = {
  kind: 'graduated',
  blocks: [
    { upTo: '10', price: '0.01', flat: '200' },
    { upTo: '20', price: '0.02', flat: '300' },
    { price: '0.03', flat: '400' },
  ],
}
const lagoVolume = {
  kind: 'volume',
  blocks: [
    { upTo: '100', price: '2', flat: '10' },
    { upTo: '200', price: '1', flat: '0' },
    { price: '0.5', flat: '50' },
  ],
}
const openMeterGraduated = {
  kind: 'graduated',
  flatAtZero: true,
  blocks: [{ upTo: '5', flat: '100' }, { upTo: '10', flat: '50' }, { upTo: '15', price: '10' }, { price: '5' }],
}
const openMeterVolume = {
  kind: 'volume',
  flatAtZero: true,
  blocks: [{ upTo: '5', flat: '100' }, { upTo: '10', flat: '150' }, { upTo: '15', price: '10' }, { price: '5' }],
}
const tenFor15 = { kind: 'package', size: '10', price: '15' }
const killBillBlocks = {
  kind: 'graduated',
  blocks: [
    { upTo: '1000', size: '100', price: '1' },
    { size: '1000', price: '0.5' },
  ],
}

t.test('tiers of usage-based billing engines', async (t) => {
  const table: readonly (readonly [string, object, number | string, string])[] = [
    // getlago/lago-api, spec/services/charges/charge_models/graduated_service_spec.rb
    ['graduated: nothing used', lagoGraduated, 0, '0.00'],
    ['graduated: the first unit brings its flat amount', lagoGraduated, 1, '12.00'],
    ['graduated: at the upper bound', lagoGraduated, 10, '102.00'],
    ['graduated: one above it', lagoGraduated, 11, '110.00'],
    ['graduated: two above it', lagoGraduated, 12, '115.00'],
    ['graduated: a fraction above it', lagoGraduated, '10.5', '107.50'],
    // … graduated_percentage_service_spec.rb
    ['graduated percentage: 1', lagoGraduatedPercentage, 1, '200.01'],
    ['graduated percentage: 10', lagoGraduatedPercentage, 10, '200.10'],
    ['graduated percentage: 11', lagoGraduatedPercentage, 11, '500.12'],
    ['graduated percentage: 12', lagoGraduatedPercentage, 12, '500.14'],
    ['graduated percentage: 21', lagoGraduatedPercentage, 21, '900.33'],
    // … volume_service_spec.rb
    ['volume: nothing used', lagoVolume, 0, '0.00'],
    ['volume: 1', lagoVolume, 1, '12.00'],
    ['volume: at the first bound', lagoVolume, 100, '210.00'],
    ['volume: one above it is cheaper', lagoVolume, 101, '101.00'],
    ['volume: at the second bound', lagoVolume, 200, '200.00'],
    ['volume: in the last range', lagoVolume, 300, '200.00'],
    // openmeterio/openmeter, openmeter/billing/service/lineservice/pricegraduatedtiered_test.go
    ['graduated, flat at zero: nothing used', openMeterGraduated, 0, '100.00'],
    ['graduated, flat at zero: 5', openMeterGraduated, 5, '100.00'],
    ['graduated, flat at zero: 5.001', openMeterGraduated, '5.001', '150.00'],
    ['graduated, flat at zero: 12', openMeterGraduated, 12, '170.00'],
    ['graduated, flat at zero: 22', openMeterGraduated, 22, '235.00'],
    // … pricevolumetiered_test.go
    ['volume, flat at zero: nothing used', openMeterVolume, 0, '100.00'],
    ['volume, flat at zero: at the first bound', openMeterVolume, 5, '100.00'],
    ['volume, flat at zero: 7', openMeterVolume, 7, '150.00'],
    ['volume, flat at zero: 14', openMeterVolume, 14, '140.00'],
    ['volume, flat at zero: 15', openMeterVolume, 15, '150.00'],
    ['volume, flat at zero: 16', openMeterVolume, 16, '80.00'],
    ['volume, flat at zero: 100', openMeterVolume, 100, '500.00'],
    // … pricepackage_test.go; lago package_service_spec.rb
    ['package: nothing used', tenFor15, 0, '0.00'],
    ['package: a full one', tenFor15, 10, '15.00'],
    ['package: a started second', tenFor15, 11, '30.00'],
    ['package: 13 started ones', { kind: 'package', size: '10', price: '1' }, 121, '13.00'],
    // killbill/killbill, usage in arrear, ALL_TIERS with blocks of units
    ['blocks sold in packages: first tier', killBillBlocks, 950, '10.00'],
    ['blocks sold in packages: over two tiers', killBillBlocks, 1001, '10.50'],
  ]
  for (const [claim, model, value, expected] of table) t.equal(totalsOf(units(model, value)), expected, claim)
})

t.test('a bound that no longer belongs to its block', async (t) => {
  const volume = ladder(
    [
      ['100', '2'],
      [null, '1'],
    ],
    {},
    'volume',
  )
  t.equal(totalsOf(units(volume, 100)), '200.00')
  t.equal(totalsOf(units({ ...volume, upperBound: 'excluded' }, 100)), '100.00')
  t.equal(totalsOf(units({ ...volume, upperBound: 'excluded' }, '99.999')), '199.998')
  const flats = {
    kind: 'graduated',
    blocks: [
      { upTo: '100', price: '0' },
      { price: '0', flat: '7' },
    ],
  }
  t.equal(totalsOf(units(flats, 100)), '0.00')
  t.equal(totalsOf(units({ ...flats, upperBound: 'excluded' }, 100)), '7.00')
})

t.test('free units', async (t) => {
  const rows: readonly (readonly [string, Given, string])[] = [
    ['of packages', units({ kind: 'package', size: '10', price: '1' }, 121, { free: '10' }), '12.00'],
    ['more than are used', units({ kind: 'per_unit', price: '1' }, 5, { free: '10' }), '0.00'],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

t.test('percentages of amounts with free events', async (t) => {
  // getlago/lago-api, percentage_service_spec.rb: 1.3 % of 800, 2.00 an event, 4 events; free: 3 events (400) or 250 of the amount.
  const charge = (freeAmount: string, freeEvents: string): Given => ({
    components: [
      {
        code: 'share',
        kind: 'usage',
        quantity: 'paid',
        unit: 'USD',
        free: freeAmount,
        model: { kind: 'per_unit', price: '0.013' },
      },
      {
        code: 'events',
        kind: 'usage',
        quantity: 'events',
        unit: 'event',
        free: freeEvents,
        model: { kind: 'per_unit', price: '2' },
      },
    ],
    version: { rounding: {} },
    period: { quantities: [quantity('paid', 800), quantity('events', 4)] },
  })
  const rows: readonly (readonly [string, string, string])[] = [
    ['250', '2', '11.15'],
    ['400', '3', '7.20'],
    ['0', '0', '18.40'],
  ]
  for (const [amount, events, expected] of rows) t.equal(totalsOf(charge(amount, events)), expected)
})

t.test('what was used before in the scope decides the block', async (t) => {
  const month = { of: 'month' }
  const settled = (model: object, before: number, now: number): Given => ({
    components: [
      { code: 'units', kind: 'usage', quantity: 'units', model: { ...model, scope: month } },
      { code: 'cap', kind: 'maximum', of: ['units'], amount: '170', level: 'month' },
    ],
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
  const tiers = {
    kind: 'graduated',
    flatAtZero: true,
    blocks: [
      { upTo: '5', flat: '100', price: '0' },
      { upTo: '10', flat: '50' },
      { upTo: '15', price: '5' },
      { price: '1' },
    ],
  }
  // openmeterio/openmeter, pricegraduatedtiered_test.go: 12 units before, 10 now, no more than 170 in all.
  t.same(linesOf(settled(tiers, 12, 10)), [
    'units 1: 1 × 100 = 100.00',
    'units 2: 1 × 50 = 50.00',
    'units 1: 5 × 0 = 0.00',
    'units 3: 2 × 5 = 10.00',
    'units 3: 3 × 5 = 15.00',
    'units 4: 7 × 1 = 7.00',
    'cap: 1 × -12 = -12.00',
  ])
  // … pricepackage_test.go: 17 units before are two packages, five more start one.
  t.equal(totalsOf(settled(tenFor15, 17, 5)), '30.00 15.00')
  t.equal(totalsOf(settled(tenFor15, 60, 60)), '90.00 80.00', 'no more than 170 in all')
  // … pricevolumetiered_test.go, all units of the month in one block at its end.
  const atEnd: Given = {
    ...settled(openMeterVolume, 3, 4),
    components: [
      { code: 'units', kind: 'usage', quantity: 'units', level: 'month', model: openMeterVolume },
      { code: 'least', kind: 'minimum', of: ['units'], amount: '160', level: 'month' },
    ],
  }
  t.equal(totalsOf(atEnd), '0.00 160.00')
})

t.test('a block chosen by another number', async (t) => {
  // Hours of use: kWh per kW of demand choose the price of all units.
  const hours = ladder(
    [
      ['200', '0.30'],
      ['400', '0.25'],
      [null, '0.20'],
    ],
    { chosenBy: { op: 'divide', of: ['energy', 'demand'] } },
    'volume',
  )
  const used = (kwh: number, kw: number): Given => ({
    components: [{ code: 'energy', kind: 'usage', model: hours }],
    period: { quantities: [energy(kwh), quantity('demand', kw, { unit: 'kW' })] },
  })
  t.equal(totalsOf(used(20_000, 100)), '6000.00')
  t.equal(totalsOf(used(20_001, 100)), '5000.25')
  t.equal(totalsOf(used(50_000, 100)), '10000.00')
})
