import t from 'tap'
import { compileVersion } from '../../../../billing/engine/components/compile-version.js'
import type { Situation } from '../../../../billing/engine/components/situation.js'
import type { NotCompiled } from '../../../../billing/engine/components/not-compiled.js'
import { parseComponentTariff } from '../../../../billing/tariffs/components/parse-document.js'
import { invariant } from '../../../../domain/result.js'
import { beijing } from '../../../../domain/time.js'
import { cents, tariffDocument, wholes } from '../../rating/offline.js'

const july = { zone: 'Asia/Shanghai', start: beijing.startOfDay('2026-07-01'), end: beijing.startOfDay('2026-08-01') }
const energy = { kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '0.5' } }
const yearly = { of: 'year', times: 'months' }
const blocks = [{ upTo: '100', price: '0.5' }, { price: '0.6' }]
const ladder = (model: object = {}) => ({
  kind: 'usage',
  code: 'ladder',
  model: { kind: 'graduated', blocks, scope: yearly, ...model },
})
const withModel = (model: object) => ({ ...energy, model })
const calendar = {
  name: 'meter',
  residual: 'valley',
  registers: { tou2: 'peak', tou4: 'valley' },
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
    { name: 'valley', otherwise: true },
  ],
}
const bySlot = {
  ...energy,
  slots: { calendar: 'meter' },
  model: { kind: 'per_unit', prices: { peak: '1', valley: '0.4' } },
}
const whereTrue = { is: 'fact', name: 'granted', value: true }
const fact = (name: string) => ({ is: 'fact', name, value: 'residential' })

interface Given {
  readonly components?: readonly object[]
  readonly version?: object
  readonly tariff?: object
  readonly facts?: Situation['facts']
  readonly period?: typeof july
}

function compiled({ components = [energy], version = {}, tariff = {}, facts = [], period = july }: Given) {
  const posting = { vat: { rate: '0.13' } }
  const document = tariffDocument({ components, version: { posting, ...version }, tariff })
  const parsed = parseComponentTariff(document)
  invariant(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.error.defects))
  return compileVersion(parsed.value, { ...period, facts })
}

t.test('what is not compiled says why', (t) => {
  const table: readonly (readonly [title: string, given: Given, expected: NotCompiled])[] = [
    ['a version that ends inside the period', { version: { validTo: '2026-07-11' } }, 'refused'],
    ['a version that begins inside the period', { version: { validFrom: '2026-07-11' } }, 'refused'],
    [
      'prices by interval',
      {
        components: [withModel({ kind: 'interval_prices', series: 'spot' })],
        version: { series: [{ name: 'spot', start: '2026-01-01', minutes: 60, values: ['1'] }] },
      },
      'asks_for_curves',
    ],
    ['no rounding', { version: { rounding: {} } }, 'rounded_otherwise'],
    ['a rounded total', { version: { rounding: { line: cents, total: wholes } } }, 'rounded_otherwise'],
    ['whole kWh', { version: { energyRounding: 'difference_half_up' } }, 'rounded_otherwise'],
    ['another currency', { tariff: { currency: { code: 'JPY', decimals: 0 } } }, 'rounded_otherwise'],
    [
      'a component that charges the tax',
      { version: { posting: { vat: { component: 'energy' } } } },
      'booked_otherwise',
    ],
    ['purchased power', { version: { posting: { vat: { rate: '0.13' }, purchases: ['energy'] } } }, 'booked_otherwise'],
    [
      'a fund of more decimals than the columns hold',
      { version: { posting: { vat: { rate: '0' }, funds: [{ fund: 'renewable_energy', price: '0.000000001' }] } } },
      'booked_otherwise',
    ],
    [
      'a class that the registry knows',
      { components: [{ ...energy, when: fact('usage_class') }] },
      'asks_the_registry',
    ],
    [
      'amounts of other lines',
      {
        components: [
          energy,
          {
            ...energy,
            code: 'more',
            model: { kind: 'per_unit', price: { op: 'amount', of: ['energy'], takes: 'exact' } },
          },
        ],
      },
      'asks_lines_or_history',
    ],
    [
      'earlier months',
      {
        components: [
          withModel({
            kind: 'per_unit',
            price: { op: 'history', name: 'energy', months: { preceding: 2 }, take: 'highest' },
          }),
        ],
      },
      'asks_lines_or_history',
    ],
    ['two ladders', { components: [ladder(), { ...ladder(), code: 'second' }] }, 'remembers_more_than_a_ladder'],
    [
      'a ladder that does not apply',
      { components: [energy, { ...ladder(), when: whereTrue }] },
      'remembers_more_than_a_ladder',
    ],
    [
      'a season that begins inside the period',
      {
        components: [
          withModel({
            kind: 'per_unit',
            price: { op: 'if', when: { is: 'season', from: '07-15', to: '09-01' }, yes: '1', no: '0.5' },
          }),
        ],
      },
      'changes_inside_the_period',
    ],
    [
      'a fact from a day of the period on',
      { components: [{ ...energy, when: whereTrue }], facts: [{ name: 'granted', value: true, from: '2026-07-11' }] },
      'changes_inside_the_period',
    ],
    [
      'a charge by time',
      { components: [{ kind: 'fixed', code: 'base', price: '3', per: 'month' }] },
      'charges_otherwise',
    ],
    ['another quantity', { components: [{ ...energy, quantity: 'export' }] }, 'charges_otherwise'],
    ['a free quantity', { components: [{ ...energy, free: '10' }] }, 'charges_otherwise'],
    ['a volume price', { components: [withModel({ kind: 'volume', blocks })] }, 'priced_otherwise'],
    ['a flat amount', { components: [ladder({ blocks: [{ flat: '3', price: '0.5' }] })] }, 'priced_otherwise'],
    [
      'blocks by slot',
      { components: [{ ...ladder(), slots: { calendar: 'meter' } }], version: { calendars: [calendar] } },
      'priced_otherwise',
    ],
    ['a year from April', { components: [ladder({ scope: { ...yearly, yearStart: '04-01' } })] }, 'scope_otherwise'],
    ['a quarter', { components: [ladder({ scope: { of: 'quarter' } })] }, 'scope_otherwise'],
    [
      'blocks that earlier use is put into anew',
      { components: [ladder({ scope: { ...yearly, reclear: 'always' } })] },
      'scope_otherwise',
    ],
    [
      'a period that began before its scope',
      {
        components: [ladder({ scope: { of: 'month', crossing: 'period_end' } })],
        period: { ...july, start: beijing.startOfDay('2026-06-20'), end: beijing.startOfDay('2026-07-20') },
      },
      'scope_otherwise',
    ],
    ['blocks that slots would share', { components: [ladder({ sharing: 'proportional' })] }, 'priced_otherwise'],
    [
      'registers without a residual slot',
      { components: [bySlot], version: { calendars: [{ ...calendar, residual: undefined }] } },
      'slots_otherwise',
    ],
    [
      'slots that no register counts',
      { components: [bySlot], version: { calendars: [{ ...calendar, registers: undefined }] } },
      'asks_for_curves',
    ],
    ['100 a kWh', { components: [withModel({ kind: 'per_unit', price: '100' })] }, 'price_out_of_range'],
    ['nine decimals', { components: [withModel({ kind: 'per_unit', price: '0.123456789' })] }, 'price_out_of_range'],
    ['a double price', { components: [{ ...energy, multiple: '2' }] }, 'multiplied_otherwise'],
    [
      'a cell without a source',
      { components: [withModel({ kind: 'per_unit', price: { op: 'absent', reason: 'unknown' } })] },
      'refused',
    ],
    [
      'a price by consumption',
      { components: [withModel({ kind: 'per_unit', price: { op: 'multiply', of: ['0.01', 'energy'] } })] },
      'refused',
    ],
  ]
  for (const [title, given, expected] of table) t.equal(compiled(given), expected, title)
  t.end()
})

t.test('a version that changes inside the period is not compiled', (t) => {
  const only = { rounding: { line: cents }, posting: { vat: { rate: '0.13' } }, components: [energy] }
  const versions = [
    { ...only, version: 1, validFrom: '2026-01-01', validTo: '2026-07-11' },
    { ...only, version: 2, validFrom: '2026-07-11' },
  ]
  t.equal(compiled({ tariff: { versions } }), 'not_one_version')
  t.end()
})

t.test('a program has the prices, bounds and books that the readable rules find', (t) => {
  const program = compiled({
    components: [
      bySlot,
      ladder({ blocks: [{ upTo: { op: 'if', when: whereTrue, yes: '200', no: '100' } }, { price: '0.05' }] }),
    ],
    version: { calendars: [calendar] },
    facts: [{ name: 'granted', value: true }],
  })
  invariant(typeof program !== 'string', 'the version compiles')
  const prices = program.charges.map(({ lines }) => lines.map((line) => line?.price ?? null))
  t.same(prices, [
    [null, 10, 4],
    [null, 5],
  ])
  t.same(program.registerSlots, [-1, 1, -1, 2])
  t.equal(program.residualSlot, 2)
  const fromDay = (date: string) => program.beginOf(Date.parse(date) / 86_400_000)
  t.same(fromDay('2020-05-01'), { boundsE4: [24_000_000, Number.POSITIVE_INFINITY], asksForState: true })
  t.same(fromDay('2026-07-20'), { boundsE4: [12_000_000, Number.POSITIVE_INFINITY], asksForState: false })
  t.same(program.entry?.funds, [])
  t.end()
})
