import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkoutRoot } from '../../architecture/source-files.js'
import { failureNames } from '../../docs/failure-names.js'
import { energy, type Given, intervals, ladder, quantity, rated, totalsOf } from './offline.js'

const perUnit = (price: unknown) => ({ kind: 'per_unit', price })
const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
const plain = usage(perUnit('1'))
const used = (quantities: readonly object[], more: Partial<Given> = {}): Given => ({
  components: [plain],
  period: { quantities },
  ...more,
})
const component = (one: object, more: Partial<Given> = {}): Given => used([energy(100)], { components: [one], ...more })
const day = (more: object = {}) => ({
  name: 'day',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
    { name: 'off', otherwise: true },
  ],
  ...more,
})
const slotted = usage({ kind: 'per_unit', prices: { peak: '2', off: '1' } }, { slots: { calendar: 'day' } })
const bySlot = (quantities: readonly object[], calendar: object = day(), more: object = {}): Given =>
  used(quantities, { components: [slotted], version: { calendars: [calendar], ...more } })
const oneDay = { start: '2026-06-01', end: '2026-06-02' }
const hourly = Array.from({ length: 24 }, () => 1)
const register = (start: string, end: string, more: object = {}) => ({
  name: 'energy',
  register: { start, end, ...more },
})
const version = (number: number, validFrom: string, validTo?: string) => ({
  version: number,
  validFrom,
  ...(validTo === undefined ? {} : { validTo }),
  rounding: {},
  components: [plain],
})
const facts = (...list: readonly object[]): Partial<Given> => ({ usage: { facts: list } })
const block = (of: string, opening: object): Given => ({
  ...component(
    usage(
      ladder(
        [
          ['50', '1'],
          [null, '2'],
        ],
        { scope: { of } },
      ),
    ),
  ),
  usage: { opening },
})

const table: readonly (readonly [string, Given, string])[] = [
  // What a usage cannot be rated for.
  ['a zone that is none', used([], { usage: { zone: 'Asia/Peking' } }), 'zone_unknown usage.zone'],
  [
    'a day that is none',
    used([], { periods: [{ start: '2026-02-30', end: '2026-03-01' }] }),
    'time_does_not_exist usage.periods.0.start',
  ],
  [
    'a time that clocks skip',
    used([intervals('2026-03-29T02:30', [1])], { usage: { zone: 'Europe/Berlin' } }),
    'time_does_not_exist usage.periods.0.quantities.0.intervals.start',
  ],
  [
    'a period that ends before it starts',
    used([], { periods: [{ start: '2026-06-02', end: '2026-06-01' }] }),
    'periods_out_of_order usage.periods.0.end',
  ],
  [
    'periods that overlap',
    used([], {
      periods: [
        { start: '2026-06-01', end: '2026-07-01', quantities: [energy(1)] },
        { start: '2026-06-30', end: '2026-08-01' },
      ],
    }),
    'periods_out_of_order usage.periods.1.start',
  ],
  [
    'no version at the end',
    used([energy(1)], { versions: [version(1, '2026-01-01', '2026-06-15')] }),
    'tariff_gap usage.periods.0',
  ],
  [
    'a gap between versions',
    used([energy(1)], { versions: [version(1, '2026-01-01', '2026-06-15'), version(2, '2026-06-16')] }),
    'tariff_gap tariff.versions.1.validFrom',
  ],
  [
    'two versions at once',
    used([energy(1)], { versions: [version(1, '2026-01-01'), version(2, '2026-06-16')] }),
    'tariff_overlap tariff.versions.1.validFrom',
  ],
  [
    'a version that ends before it begins',
    used([energy(1)], { versions: [version(1, '2026-06-01', '2026-05-01')] }),
    'validity_empty tariff.versions.0.validTo',
  ],
  [
    'an interval of a slot that ends before it begins',
    bySlot(
      [energy(1)],
      day({
        slots: [
          { name: 'peak', intervals: [{ start: '2026-06-02', end: '2026-06-01' }] },
          { name: 'off', otherwise: true },
        ],
      }),
    ),
    'validity_empty tariff.versions.0.calendars.0',
  ],
  ['a quantity that is not given', used([]), 'quantity_unknown tariff.versions.0.components.0'],
  [
    'a factor for what is not given',
    used([energy(1)], { period: { quantities: [energy(1)], correctionFactors: [{ of: 'export', factor: '2' }] } }),
    'quantity_unknown usage.periods.0.correctionFactors.0',
  ],
  ['a total where slots are asked for', bySlot([energy(1)]), 'quantity_not_by_slot usage.periods.0.quantities.0'],
  [
    'spot prices for a total',
    component(usage({ kind: 'interval_prices', series: 'spot' }, { quantity: { op: 'add', of: ['energy', '1'] } })),
    'quantity_not_by_slot tariff.versions.0.components.0',
  ],
  [
    'registers and intervals of one name',
    used([energy(1), intervals('2026-06-01', hourly)]),
    'quantity_given_twice usage.periods.0.quantities.1',
  ],
  [
    'a reading below the one before',
    used([register('100', '99')]),
    'register_decreased usage.periods.0.quantities.0.register.end',
  ],
  [
    'a reading that the register cannot show',
    used([register('1', '10000', { digits: 4 })]),
    'register_out_of_range usage.periods.0.quantities.0.register.end',
  ],
  [
    'slots that leave some of the total',
    bySlot([energy(100), energy(60, { slot: 'peak' }), energy(30, { slot: 'off' })]),
    'register_without_slot usage.periods.0.quantities.0',
  ],
  [
    'a slot that the calendar does not know',
    bySlot([energy(60, { slot: 'peak' }), energy(30, { slot: 'sharp' })]),
    'register_without_slot usage.periods.0.quantities.0',
  ],
  [
    'a register of a slot that has no time in the period',
    bySlot(
      [energy(90, { slot: 'off' }), { ...register('1', '2'), slot: 'peak' }],
      day({
        slots: [
          { name: 'peak', when: [{ months: [1] }] },
          { name: 'off', otherwise: true },
        ],
      }),
    ),
    'slot_without_time usage.periods.0.quantities.1.slot',
  ],
  [
    'slots that exceed the total',
    bySlot([energy(100), energy(130, { slot: 'peak' })], day({ residual: 'off' })),
    'negative_residual usage.periods.0.quantities.0',
  ],
  ['less than nothing', used([energy(-1)]), 'negative_energy tariff.versions.0.components.0'],
  [
    'no reading where the version changes',
    used([energy(1)], { versions: [version(1, '2026-01-01', '2026-06-15'), version(2, '2026-06-15')] }),
    'no_reading_at_change usage.periods.0.quantities.0',
  ],
  [
    'an interval across slots',
    bySlot([intervals('2026-06-01', hourly, { minutes: 1440, missing: 'zero' })], day(), {}),
    'interval_straddles_slot usage.periods.0.quantities.0',
  ],
  [
    'an interval across versions',
    used([intervals('2026-06-01', hourly, { minutes: 1440, missing: 'zero' })], {
      versions: [version(1, '2026-01-01', '2026-06-15T12:00'), version(2, '2026-06-15T12:00')],
    }),
    'interval_straddles_change usage.periods.0.quantities.0',
  ],
  [
    'two intervals at once',
    used([intervals('2026-06-01', hourly), intervals('2026-06-01T23:00', hourly)]),
    'intervals_overlap usage.periods.0.quantities.0',
  ],
  [
    'hours that nobody metered',
    used([intervals('2026-06-01', hourly)]),
    'intervals_missing usage.periods.0.quantities.0',
  ],
  [
    'a slot that no calendar knows',
    component(plain, {
      components: [usage(perUnit('1'), { quantity: { op: 'quantity', name: 'energy', slot: 'sharp' } })],
    }),
    'time_without_slot tariff.versions.0.components.0',
  ],
  [
    'an instant in two intervals of a calendar',
    bySlot(
      [energy(1)],
      day({
        slots: [
          {
            name: 'peak',
            intervals: [
              { start: '2026-06-01', end: '2026-06-03' },
              { start: '2026-06-02', end: '2026-06-04' },
            ],
          },
          { name: 'off', otherwise: true },
        ],
      }),
    ),
    'minute_twice tariff.versions.0.calendars.0',
  ],
  [
    'demand of a total',
    component(usage(perUnit('1'), { quantity: { op: 'demand', of: 'energy', minutes: 15 } })),
    'demand_without_intervals tariff.versions.0.components.0',
  ],
  [
    'a window that cuts intervals',
    {
      components: [usage(perUnit('1'), { quantity: { op: 'demand', of: 'energy', minutes: 30, window: 'rolling' } })],
      periods: [{ ...oneDay, quantities: [intervals('2026-06-01', hourly)] }],
    },
    'window_does_not_fit tariff.versions.0.components.0',
  ],
  [
    'a loss beyond its table',
    used([], {
      period: { quantities: [energy(100)], losses: [{ kind: 'table', rows: [{ upTo: '50', activeLoss: '1' }] }] },
    }),
    'loss_out_of_table usage.periods.0.losses.0',
  ],
  [
    'children that use more than their parent',
    used([], { period: { quantities: [energy(100)], relations: [{ name: 'shop', kind: 'fixed', value: '101' }] } }),
    'parent_below_children usage.periods.0.relations.0',
  ],
  [
    'a sub-meter without a quantity',
    used([], { period: { quantities: [energy(100)], relations: [{ name: 'shop', kind: 'sub_meter' }] } }),
    'relation_incomplete usage.periods.0.relations.0',
  ],
  [
    'a fact that nobody stated',
    component(usage(perUnit({ op: 'fact', name: 'price' }))),
    'fact_missing tariff.versions.0.components.0.model',
  ],
  [
    'a fact that is no number',
    component(usage(perUnit({ op: 'fact', name: 'price' })), facts({ name: 'price', value: 'dear' })),
    'fact_is_no_number tariff.versions.0.components.0.model',
  ],
  [
    'two values at one time',
    component(plain, facts({ name: 'price', value: '1' }, { name: 'price', value: '2', from: '2026-06-10' })),
    'fact_given_twice usage.facts.1',
  ],
  [
    'a division by nothing',
    component(usage(perUnit({ op: 'divide', of: ['1', '0'] }))),
    'division_by_zero tariff.versions.0.components.0.model',
  ],
  [
    'a power factor of nothing',
    component({ code: 'c', kind: 'amount', amount: { op: 'power_factor', active: '0', reactive: '0', decimals: 2 } }),
    'division_by_zero tariff.versions.0.components.0',
  ],
  [
    'a computed price below nothing',
    component(usage(perUnit({ op: 'subtract', of: ['1', '2'] }))),
    'negative_price tariff.versions.0.components.0.model',
  ],
  [
    'use beyond the last block',
    component(usage(ladder([['50', '1']]))),
    'price_missing tariff.versions.0.components.0.model.blocks',
  ],
  [
    'a block beyond the last',
    component(usage(ladder([['50', '1']], {}, 'volume'))),
    'price_missing tariff.versions.0.components.0.model.blocks',
  ],
  [
    'a series that nobody gives',
    {
      components: [usage({ kind: 'interval_prices', series: 'spot' })],
      periods: [{ ...oneDay, quantities: [intervals('2026-06-01', hourly)] }],
    },
    'series_unknown tariff.versions.0.components.0',
  ],
  [
    'a series that is too short',
    {
      components: [usage({ kind: 'interval_prices', series: 'spot' })],
      periods: [{ ...oneDay, quantities: [intervals('2026-06-01', hourly)] }],
      usage: { series: [{ name: 'spot', start: '2026-06-01', minutes: 60, values: ['1'] }] },
    },
    'series_does_not_cover tariff.versions.0.components.0',
  ],
  [
    'computed bounds that do not ascend',
    component(
      usage({
        kind: 'graduated',
        blocks: [{ upTo: { op: 'add', of: ['2', '2'] }, price: '1' }, { upTo: '3', price: '1' }, { price: '1' }],
      }),
    ),
    'block_bounds_out_of_order tariff.versions.0.components.0.model.blocks.1.upTo',
  ],
  [
    'a value beyond a table',
    component(usage(perUnit({ op: 'table', by: 'energy', rows: [{ upTo: '50', value: '1' }] }))),
    'block_bounds_out_of_order tariff.versions.0.components.0.model',
  ],
  [
    'a period over the end of a year',
    {
      ...component(
        usage(
          ladder(
            [
              ['50', '1'],
              [null, '2'],
            ],
            { scope: { of: 'year' } },
          ),
        ),
      ),
      periods: [{ start: '2025-12-20', end: '2026-01-20', quantities: [energy(1)] }],
    },
    'period_crosses_scope tariff.versions.0.components.0',
  ],
  [
    'something free over the end of a year',
    {
      ...component(usage(perUnit('1'), { free: { quantity: '5', scope: { of: 'year', crossing: 'split' } } })),
      periods: [
        {
          start: '2025-12-20',
          end: '2026-01-20',
          quantities: [energy(1, { to: '2026-01-01' }), energy(1, { from: '2026-01-01' })],
        },
      ],
    },
    'period_crosses_scope tariff.versions.0.components.0.free.scope',
  ],
  [
    'an adjustment of nothing known',
    {
      ...component(plain),
      period: {
        quantities: [energy(1)],
        adjustments: [{ code: 'a', kind: 'percentage', of: ['capacity'], percent: '1' }],
      },
    },
    'component_unknown usage.periods.0.adjustments.0',
  ],
  [
    'a power factor below its table',
    component(
      {
        code: 'p',
        kind: 'power_factor',
        of: ['energy'],
        given: '0.5',
        table: { rows: [{ from: '0.6', percent: '1' }] },
      },
      {
        components: [
          plain,
          {
            code: 'p',
            kind: 'power_factor',
            of: ['energy'],
            given: '0.5',
            table: { rows: [{ from: '0.6', percent: '1' }] },
          },
        ],
      },
    ),
    'power_factor_out_of_table tariff.versions.0.components.1.table.rows',
  ],
  [
    'a power factor above one',
    component(plain, {
      components: [
        plain,
        { code: 'p', kind: 'power_factor', of: ['energy'], given: '1.1', table: { standard: '0.90' } },
      ],
    }),
    'power_factor_out_of_range tariff.versions.0.components.1',
  ],
  [
    'an opening state of more blocks',
    block('month', { blocks: [{ component: 'energy', scope: '2026-06-01', used: '9', byBlock: ['3', '3', '3'] }] }),
    'state_does_not_fit usage.opening.blocks',
  ],
  [
    'packages of nothing',
    component(usage({ kind: 'package', size: '0', price: '1' })),
    'size_not_positive tariff.versions.0.components.0.model.blocks.0.size',
  ],
  [
    'a price without a source',
    component(usage({ kind: 'per_unit', price: { op: 'absent', reason: 'not printed' } })),
    'cell_absent tariff.versions.0.components.0.model',
  ],
  // What a tariff is refused for when it is loaded.
  [
    'a minute of two slots',
    bySlot(
      [],
      day({
        slots: [
          { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
          { name: 'off', when: [{ windows: [{ from: '19:00', to: '08:00' }] }] },
        ],
      }),
    ),
    'minute_twice versions.0.calendars.0.slots',
  ],
  [
    'a minute of no slot',
    bySlot(
      [],
      day({
        slots: [
          { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
          { name: 'off', when: [{ windows: [{ from: '21:00', to: '08:00' }] }] },
        ],
      }),
    ),
    'minute_without_slot versions.0.calendars.0.slots',
  ],
  [
    'a month of no slot',
    bySlot(
      [],
      day({
        slots: [
          { name: 'peak', when: [{ months: [1, 2, 3] }] },
          { name: 'off', when: [{ months: [4, 5, 6, 7, 8, 9, 10, 11] }] },
        ],
      }),
    ),
    'minute_without_slot versions.0.calendars.0.slots',
  ],
  [
    'a slot twice',
    bySlot(
      [],
      day({
        slots: [
          { name: 'peak', otherwise: true },
          { name: 'peak', otherwise: true },
        ],
      }),
    ),
    'slot_repeated versions.0.calendars.0.slots',
  ],
  [
    'a residual slot that is none',
    bySlot([], day({ residual: 'flat' })),
    'residual_unknown versions.0.calendars.0.residual',
  ],
  [
    'a slot without a time',
    bySlot([], day({ slots: [{ name: 'peak' }, { name: 'off', otherwise: true }] })),
    'slot_never versions.0.calendars.0.slots.0',
  ],
  ['a calendar twice', bySlot([], day(), { calendars: [day(), day()] }), 'calendar_repeated versions.0.calendars'],
  [
    'a version twice',
    used([], { versions: [version(1, '2026-01-01', '2026-06-15'), version(1, '2026-06-15')] }),
    'version_repeated versions',
  ],
  [
    'a component twice',
    component(plain, { components: [plain, plain] }),
    'component_repeated versions.0.components.1.code',
  ],
  [
    'a base that comes later',
    component(plain, { components: [{ code: 'tax', kind: 'percentage', of: ['energy'], percent: '1' }, plain] }),
    'base_unknown versions.0.components.0.of',
  ],
  [
    'a calendar that is none',
    component({ ...slotted, slots: { calendar: 'night' } }),
    'calendar_unknown versions.0.components.0.slots.calendar',
  ],
  [
    'a price for a slot that is none',
    {
      ...bySlot([]),
      components: [{ ...slotted, model: { kind: 'per_unit', prices: { peak: '1', off: '1', sharp: '2' } } }],
    },
    'slot_unknown versions.0.components.0.model.prices',
  ],
  [
    'a slot without a price',
    { ...bySlot([]), components: [{ ...slotted, model: { kind: 'per_unit', prices: { peak: '1' } } }] },
    'price_missing versions.0.components.0.model',
  ],
  ['a negative price', component(usage(perUnit('-1'))), 'negative_price versions.0.components.0.model.price'],
  [
    'bounds that do not ascend',
    component(
      usage(
        ladder([
          ['50', '1'],
          ['50', '2'],
          [null, '3'],
        ]),
      ),
    ),
    'block_bounds_out_of_order versions.0.components.0.model.blocks.1.upTo',
  ],
  [
    'a bound missing',
    component(
      usage(
        ladder([
          [null, '1'],
          [null, '2'],
        ]),
      ),
    ),
    'block_bounds_out_of_order versions.0.components.0.model.blocks.0.upTo',
  ],
  [
    'rows that do not ascend',
    component(
      usage(
        perUnit({
          op: 'table',
          by: 'energy',
          rows: [
            { upTo: '5', value: '1' },
            { upTo: '4', value: '2' },
          ],
        }),
      ),
    ),
    'block_bounds_out_of_order versions.0.components.0.model.price.rows.1',
  ],
  [
    'a source of a cell that is not there',
    component({
      ...usage({ kind: 'per_unit', price: '1' }),
      evidence: { 'model.prices.peak': { source: 'a notice', grade: 'A' } },
    }),
    'evidence_of_nothing versions.0.components.0.evidence.model.prices.peak',
  ],
  [
    'packages shared by slots',
    {
      ...bySlot([]),
      components: [
        { ...slotted, model: { kind: 'graduated', sharing: 'proportional', blocks: [{ size: '10', price: '1' }] } },
      ],
    },
    'sizes_shared_by_slots versions.0.components.0.model.blocks',
  ],
  ['a price as a number', component(usage(perUnit(0.5))), 'malformed versions.0.components.0.model.price'],
]

t.test('what cannot be rated is refused with its place in the file', async (t) => {
  for (const [claim, given, expected] of table) {
    const outcome = rated(given)
    t.match('periods' in outcome ? outcome : outcome[0], new RegExp(`^${expected.replaceAll('.', '\\.')}: .`), claim)
  }
})

t.test('every kind of refusal is reached here', async (t) => {
  const sources = [
    'rating/refusal.ts',
    'tariffs/components/check-calendar.ts',
    'tariffs/components/check-components.ts',
  ]
  const names = failureNames(
    sources.map((path) => ({ path, text: readFileSync(join(checkoutRoot, 'billing', path), 'utf8') })),
  ).map(({ name }) => name)
  const reached = new Set(table.map(([, , expected]) => expected.split(' ')[0] ?? ''))
  t.ok(names.length > 45, `${names.length} kinds`)
  t.same(
    names.filter((name) => !reached.has(name)),
    [],
  )
})

t.test('a malformed file is answered by what was expected there', async (t) => {
  const rows: readonly (readonly [object, string])[] = [
    [{ code: 'a', kind: 'usgae' }, "malformed versions.0.components.0.kind: expected 'usage' | 'fixed' | "],
    [usage({ kind: 'tiers' }), "malformed versions.0.components.0.model.kind: expected 'per_unit' | 'graduated' | "],
    [
      usage(perUnit('Abc')),
      'malformed versions.0.components.0.model.price: a decimal text such as "0.5769", or a quotient such as "5/12", or a name',
    ],
    [
      usage(perUnit(1)),
      'malformed versions.0.components.0.model.price: expected a decimal written as a text: "1", with quotation marks, not the number 1',
    ],
    [
      usage(perUnit({ op: 'plus' })),
      "malformed versions.0.components.0.model.price.op: expected 'quantity' | 'fact' | ",
    ],
    [
      { code: 'a', kind: 'power_factor', of: ['b'], table: { standard: '0.95' } },
      'malformed versions.0.components.0.table.standard: Invalid option: expected one of "0.90"',
    ],
    [
      { code: 'a', kind: 'fixed', price: '1', per: 'month', dayCount: '30' },
      'malformed versions.0.components.0.dayCount: Invalid option: expected one of "calendar"|"whole", or expected object',
    ],
  ]
  for (const [one, expected] of rows) t.match(totalsOf(component(one)), expected)
  t.match(
    totalsOf(used([{ name: 'energy' }])),
    'malformed periods.0.quantities.0: register: expected object, received undefined, or intervals: expected object, received undefined, or value: ',
  )
  t.match(
    totalsOf(used([{ ...quantity('energy', 1), register: { start: '1', end: '2' } }])),
    /^malformed periods\.0\.quantities\.0: /,
  )
})
