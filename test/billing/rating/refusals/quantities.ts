import { energy, intervals, perUnit } from '../offline.js'
import { bySlot, component, day, hourly, oneDay, plain, type Refused, register, usage, used, version } from './given.js'

/** Quantities that are missing, contradict each other, or do not say what is asked of them. */
export const quantities: Refused = [
  ['a quantity that is not given', used([]), 'quantity_unknown tariff.versions.0.components.0'],
  [
    'a factor for what is not given',
    used([energy(1)], { period: { quantities: [energy(1)], correctionFactors: [{ of: 'export', factor: '2' }] } }),
    'quantity_unknown usage.periods.0.correctionFactors.0',
  ],
  [
    'a factor for a slot that nothing knows',
    used([energy(1)], { period: { quantities: [energy(1)], correctionFactors: [{ slot: 'peek', factor: '2' }] } }),
    'time_without_slot usage.periods.0.correctionFactors.0.slot',
  ],
  [
    'a loss by reactive energy that is not given',
    used([energy(1)], {
      period: { quantities: [energy(1)], losses: [{ kind: 'given', activeLoss: '1', reactive: 'reactiv' }] },
    }),
    'quantity_unknown usage.periods.0.losses.0',
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
    'days of a loss table that does not say of how many days it is',
    used([energy(300)], {
      period: {
        quantities: [energy(300)],
        losses: [{ kind: 'table', rows: [{ activeLoss: '304' }], days: '20' }],
      },
    }),
    'malformed periods.0.losses.0',
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
    'a day that the usage calls a weekend, where slots ask for Saturdays and Sundays',
    {
      ...bySlot(
        [],
        day({
          slots: [
            { name: 'peak', when: [{ days: ['weekday'] }] },
            { name: 'off', when: [{ days: ['saturday', 'sunday'] }] },
          ],
        }),
      ),
      periods: [{ ...oneDay, quantities: [intervals('2026-06-01', hourly)] }],
      usage: { specialDays: [{ date: '2026-06-01', as: 'weekend' }] },
    },
    'time_without_slot tariff.versions.0.calendars.0',
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
              { start: '2026-06-02T00:00+08:00', end: '2026-06-04' },
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
]
