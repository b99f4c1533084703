import { ladder, perUnit } from '../offline.js'
import { bySlot, component, day, plain, type Refused, usage, used } from './given.js'

const zero = { op: 'subtract', of: ['1', { op: 'round', of: '0.9', to: { mode: 'half_up', decimals: 0 } }] }
const packages = (size: unknown, price: unknown) => component(usage({ kind: 'package', size, price }))
const withIntervals = (...intervals: readonly object[]) =>
  bySlot(
    [],
    day({
      slots: [
        { name: 'peak', intervals },
        { name: 'off', otherwise: true },
      ],
    }),
  )

/** What no usage could make sound: found when the tariff is loaded, with its place. */
export const constantsAndTimes: Refused = [
  [
    'a division by the constant 0',
    component(usage(perUnit({ op: 'divide', of: ['1', '2', '0'] }))),
    'division_by_zero versions.0.components.0.model.price.of.2',
  ],
  [
    'a division by constants that come to 0, in a bound',
    component(usage({ kind: 'graduated', blocks: [{ upTo: { op: 'divide', of: ['energy', zero] } }, { price: '1' }] })),
    'division_by_zero versions.0.components.0.model.blocks.0.upTo.of.1',
  ],
  [
    'a division by 0 in a condition',
    component({ ...plain, when: { is: 'less', of: ['energy', { op: 'divide', of: ['1', '0.00'] }] } }),
    'division_by_zero versions.0.components.0.when.of.1.of.1',
  ],
  [
    'the amount of a component that does not come before',
    component({ code: 'a', kind: 'amount', amount: { op: 'amount', of: ['#energy', 'a'], takes: 'exact' } }),
    'base_unknown versions.0.components.0.amount.of.0',
  ],
  ['packages of nothing', packages('0', '1'), 'size_not_positive versions.0.components.0.model.size'],
  ['a negative price of packages', packages('5', '-1'), 'negative_price versions.0.components.0.model.price'],
  [
    'constants that come to a negative price',
    component(usage(perUnit({ op: 'subtract', of: ['1', '2'] }))),
    'negative_price versions.0.components.0.model.price',
  ],
  [
    'a negative amount of a block',
    component(usage({ kind: 'graduated', blocks: [{ flat: '-5', price: '1' }] })),
    'negative_price versions.0.components.0.model.blocks.0.flat',
  ],
  [
    'a first bound below zero',
    component(
      usage(
        ladder([
          ['-5', '1'],
          [null, '2'],
        ]),
      ),
    ),
    'block_bounds_out_of_order versions.0.components.0.model.blocks.0.upTo',
  ],
  ['a day that is none', used([], { version: { validFrom: '2026-02-30' } }), 'malformed versions.0.validFrom'],
  ['a time that is none', used([], { version: { validFrom: '2026-02-03T24:30' } }), 'malformed versions.0.validFrom'],
  [
    'a day of the year that is none',
    component({ ...plain, when: { is: 'season', from: '06-31', to: '09-01' } }),
    'malformed versions.0.components.0.when.from',
  ],
  [
    'an interval that ends before it begins',
    withIntervals({ start: '2026-06-02', end: '2026-06-01T12:00' }),
    'validity_empty versions.0.calendars.0.slots.0.intervals.0',
  ],
  [
    'an instant in two intervals',
    withIntervals({ start: '2026-06-02', end: '2026-06-03' }, { start: '2026-06-01', end: '2026-06-02T00:01' }),
    'minute_twice versions.0.calendars.0.slots.0.intervals.0',
  ],
]
