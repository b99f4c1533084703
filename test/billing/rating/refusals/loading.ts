import { ladder, perUnit } from '../offline.js'
import { constantsAndTimes } from './constants-and-times.js'
import { bySlot, component, day, plain, type Refused, slotted, usage, used, version } from './given.js'

/** What a tariff is refused for when it is loaded. */
export const loading: Refused = [
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
    'a share of what is priced event by event',
    component(usage({ kind: 'per_event', flat: '1' }, { quantity: 'payments', share: '0.5' })),
    'does_not_apply versions.0.components.0.share',
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
    'a special day of two types',
    bySlot(
      [],
      day({
        specialDays: [
          { date: '2026-06-19', as: 'holiday' },
          { date: '2026-06-19', as: 'hot' },
        ],
      }),
    ),
    'minute_twice versions.0.calendars.0.specialDays',
  ],
  [
    'a holiday said to be a weekend, where slots ask for Saturdays and Sundays',
    bySlot(
      [],
      day({
        specialDays: [{ date: '2026-06-19', as: 'weekend' }],
        slots: [
          { name: 'peak', when: [{ days: ['weekday'] }] },
          { name: 'off', when: [{ days: ['saturday', 'sunday'] }] },
        ],
      }),
    ),
    'minute_without_slot versions.0.calendars.0.slots',
  ],
  [
    'prices by slot without slots',
    component(usage({ kind: 'per_unit', price: '1', prices: { peak: '2' } })),
    'does_not_apply versions.0.components.0.model.prices',
  ],
  [
    'packages by the months in use',
    component(usage({ kind: 'package', size: '100', price: '1', scope: { of: 'year', times: 'months' } })),
    'does_not_apply versions.0.components.0.model.scope.times',
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
    'two demands under one name',
    component(plain, {
      components: [15, 60].map((minutes) => ({
        ...plain,
        code: `demand_${minutes}`,
        unit: 'kW',
        quantity: { op: 'demand', of: 'energy', minutes, name: 'peak' },
      })),
    }),
    'demand_repeated versions.0.components',
  ],
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
    'base_unknown versions.0.components.0.of.0',
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
  ...constantsAndTimes,
]
