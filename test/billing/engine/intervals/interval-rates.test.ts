import t from 'tap'
import { createRatesBook } from '../../../../billing/engine/intervals/rates-book.js'
import { componentTariffSchema } from '../../../../billing/tariffs/components/tariff-schema.js'
import { addDays, beijing } from '../../../../domain/time.js'

const from = '2026-07-01'
const period = { from: beijing.startOfDay(from), to: beijing.startOfDay(addDays(from, 2)) }
const hours = {
  name: 'tou',
  slots: [
    { name: 'day', when: [{ windows: [{ from: '07:00', to: '22:30' }] }] },
    { name: 'night', otherwise: true },
  ],
}
const tou = {
  kind: 'usage',
  code: 'tou',
  slots: { calendar: 'tou' },
  model: { kind: 'per_unit', prices: { day: '0.91237', night: '0.3' } },
}
const line = { mode: 'half_up', decimals: 2 }
const version = { version: 1, validFrom: '2026-01-01', rounding: { line }, calendars: [hours], components: [tou] }
const spot = { kind: 'usage', code: 'spot', model: { kind: 'interval_prices', series: 'spot', add: '0.01' } }
const series = (values: readonly string[], minutes = 60) => [{ name: 'spot', start: from, minutes, values }]
const hourly = Array.from({ length: 48 }, () => '0.4')

t.test('the kernel takes energies by slot or by interval, and refuses whatever else a version says', async (t) => {
  for (const [what, versions, minutes, expected] of [
    ['slots', [version], 15, 'taken'],
    [
      'a price for all time',
      [{ ...version, components: [{ ...tou, slots: undefined, model: { kind: 'per_unit', price: '1' } }] }],
      60,
      'taken',
    ],
    ['prices by interval', [{ ...version, series: series(hourly), components: [tou, spot] }], 30, 'taken'],
    ['another tariff', [], 15, 'unknown_tariff'],
    [
      'a change within',
      [
        { ...version, validTo: '2026-07-02' },
        { ...version, version: 2, validFrom: '2026-07-02' },
      ],
      15,
      'period_of_several_versions',
    ],
    ['a version that ends', [{ ...version, validTo: '2026-07-02' }], 15, 'tariff_gap'],
    ['hours that straddle a border', [version], 60, 'interval_straddles_slot'],
    [
      'nine decimals',
      [{ ...version, components: [{ ...tou, model: { kind: 'per_unit', price: '0.123456789' } }] }],
      15,
      'price_beyond_scale',
    ],
    [
      'a slot without a price',
      [{ ...version, components: [{ ...tou, model: { kind: 'per_unit', prices: { day: '1' } } }] }],
      15,
      'price_missing',
    ],
    ['free energy', [{ ...version, components: [{ ...tou, free: '10' }] }], 15, 'component_not_by_intervals'],
    [
      'a fixed charge',
      [{ ...version, components: [tou, { kind: 'fixed', code: 'fixed', price: '3', per: 'month' }] }],
      15,
      'component_not_by_intervals',
    ],
    [
      'another rounding',
      [{ ...version, rounding: { line: { ...line, mode: 'half_even' } } }],
      15,
      'component_not_by_intervals',
    ],
    ['no series', [{ ...version, components: [spot] }], 15, 'series_unknown'],
    [
      'a series too short',
      [{ ...version, series: series(hourly.slice(1)), components: [spot] }],
      15,
      'series_does_not_cover',
    ],
    [
      'a price of 22 a kWh',
      [{ ...version, series: series(hourly.with(3, '22')), components: [spot] }],
      15,
      'price_beyond_scale',
    ],
    [
      'a negative price',
      [{ ...version, series: series(hourly.with(3, '-0.2')), components: [spot] }],
      15,
      'negative_price',
    ],
    [
      'thirteen lines',
      [{ ...version, components: Array.from({ length: 7 }, (_, n) => ({ ...tou, code: `tou${n}` })) }],
      15,
      'too_many_lines',
    ],
  ] as const) {
    const document = { format: 'tariff/2', code: 'twin', currency: { code: 'CNY', decimals: 2 }, versions }
    const tariffs = versions.length === 0 ? [] : [componentTariffSchema.parse(document)]
    const rates = createRatesBook(beijing, tariffs)('twin', period, minutes)
    t.equal(rates.ok ? 'taken' : rates.error.kind, expected, what)
  }
})
