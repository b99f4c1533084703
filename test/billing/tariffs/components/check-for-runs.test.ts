import t from 'tap'
import { checkForRuns } from '../../../../billing/tariffs/components/check-for-runs.js'
import { parseComponentTariff } from '../../../../billing/tariffs/components/parse-document.js'
import { tariffDocument } from '../../rating/offline.js'

const components = [
  { kind: 'usage', code: 'energy', slots: { calendar: 'meter' }, model: { kind: 'per_unit', price: '0.5' } },
  { kind: 'usage', code: 'fund', model: { kind: 'per_unit', price: '0.02' } },
]
const calendar = {
  name: 'meter',
  registers: { tou2: 'peak', tou4: 'valley' },
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
    { name: 'valley', otherwise: true },
  ],
}
const posting = { vat: { rate: '0.13' }, funds: [{ fund: 'renewable_energy', component: 'fund' }] }

/** Every defect of a tariff with these changes of its version, whether it is found at load or because a run is to bill by it. */
function defectsOf(version: object): readonly string[] {
  const parsed = parseComponentTariff(
    tariffDocument({ components, version: { calendars: [calendar], posting, ...version } }),
  )
  return parsed.ok
    ? checkForRuns(parsed.value).map(({ kind, where }) => `${kind} ${where}`)
    : parsed.error.defects.map(({ kind, path }) => `${kind} ${path}`)
}

t.test('a run asks how bills are booked, what registers count, and for whole days', (t) => {
  const fund = { fund: 'renewable_energy', price: '0.019' }
  const table: readonly (readonly [title: string, version: object, defects: readonly string[]])[] = [
    ['nothing is wrong', {}, []],
    ['no posting', { posting: undefined }, ['posting_missing versions.0.posting']],
    [
      'prices per event, and money that goes on to the next bill',
      {
        components: [
          ...components,
          { kind: 'usage', code: 'fee', quantity: 'payments', model: { kind: 'per_event', flat: '1' } },
          { kind: 'credit', code: 'bank', of: ['energy'], earned: '5' },
          { kind: 'minimum', code: 'least', of: ['energy'], amount: '5' },
          { kind: 'minimum', code: 'yearly', of: ['energy'], amount: '5', scope: { of: 'year' } },
        ],
      },
      [2, 3, 5].map((place) => `offline_only versions.0.components.${place}`),
    ],
    [
      'prices by interval that the version does not give, and a unit that runs do not know',
      {
        components: [
          ...components,
          { kind: 'usage', code: 'spot', model: { kind: 'interval_prices', series: 'day_ahead' } },
          { kind: 'usage', code: 'grid', unit: 'MWh', model: { kind: 'per_unit', price: '20' } },
          {
            kind: 'usage',
            code: 'turned',
            unit: 'MWh',
            convert: { multiply: '0.001' },
            model: { kind: 'per_unit', price: '20' },
          },
        ],
      },
      ['series_unknown versions.0.components.2.model.series', 'unit_differs versions.0.components.3.unit'],
    ],
    [
      'an unknown component for tax and fund',
      {
        posting: { vat: { component: 'vat' }, funds: [{ fund: 'rural_grid_loan', component: 'loan' }] },
      },
      ['component_unknown versions.0.posting.vat.component', 'component_unknown versions.0.posting.funds.0.component'],
    ],
    [
      'a rate that is none, a fund twice, and one below zero',
      { posting: { vat: { rate: '1' }, funds: [fund, { ...fund, price: '-0.01' }] } },
      [
        'vat_rate_out_of_range versions.0.posting.vat.rate',
        'fund_repeated versions.0.posting.funds.1',
        'negative_price versions.0.posting.funds.1.price',
      ],
    ],
    [
      'bought power by a component that is not there, and twice',
      { posting: { vat: { rate: '0.13' }, purchases: ['feed_in', 'feed_in'] } },
      [
        'component_unknown versions.0.posting.purchases.0',
        'component_unknown versions.0.posting.purchases.1',
        'purchase_repeated versions.0.posting.purchases.1',
      ],
    ],
    [
      'a register of a slot that the calendar does not have',
      { calendars: [{ ...calendar, registers: { tou1: 'sharp' } }] },
      ['slot_unknown versions.0.calendars.0.registers.tou1'],
    ],
    [
      'registers in two calendars',
      { calendars: [calendar, { ...calendar, name: 'network' }] },
      ['registers_in_two_calendars versions.0.calendars.1.registers'],
    ],
    [
      'what becomes of meters with other hours, without registers',
      { calendars: [{ ...calendar, registers: undefined, whenMeterDiffers: 'rate_from_curves' }] },
      ['registers_missing versions.0.calendars.0.whenMeterDiffers'],
    ],
    [
      'a version that begins within a day and ends before it',
      { validFrom: '2026-01-01T08:00', validTo: '2025-01-01' },
      ['validity_within_a_day versions.0.validFrom', 'validity_empty versions.0.validTo'],
    ],
  ]
  for (const [title, version, defects] of table) t.same(defectsOf(version), defects, title)
  t.end()
})

t.test('versions of a file follow each other without a day between them or a day in two of them', (t) => {
  const version = (number: number, validFrom: string, validTo?: string) => {
    const common = { rounding: {}, components, calendars: [calendar], posting }
    return { version: number, validFrom, ...(validTo === undefined ? {} : { validTo }), ...common }
  }
  const first = version(1, '2026-01-01', '2026-06-10')
  const table: readonly (readonly [title: string, versions: readonly object[], defects: readonly string[]])[] = [
    ['in any order', [version(2, '2026-06-10'), first], []],
    ['a day is left out', [first, version(2, '2026-06-11')], ['tariff_gap versions.1.validFrom']],
    ['a day is in both', [first, version(2, '2026-06-09')], ['tariff_overlap versions.1.validFrom']],
    [
      'the first has no end',
      [version(1, '2026-01-01'), version(2, '2026-06-09')],
      ['tariff_overlap versions.1.validFrom'],
    ],
  ]
  for (const [title, versions, defects] of table) {
    const parsed = parseComponentTariff(tariffDocument({ components, versions }))
    t.same(parsed.ok && checkForRuns(parsed.value).map(({ kind, where }) => `${kind} ${where}`), defects, title)
  }
  t.end()
})
