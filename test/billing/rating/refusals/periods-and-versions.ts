import { energy, intervals } from '../offline.js'
import { bySlot, day, type Refused, used, version } from './given.js'

/** Times, periods and versions under which nothing can be rated. */
export const periodsAndVersions: Refused = [
  ['a zone that is none', used([], { usage: { zone: 'Asia/Peking' } }), 'zone_unknown usage.zone'],
  [
    'a day that is none',
    used([], { periods: [{ start: '2026-02-30', end: '2026-03-01' }] }),
    'time_does_not_exist usage.periods.0.start',
  ],
  [
    'a period without an end in sight',
    used([], { periods: [{ start: '2026-06-01', end: '9999-12-31' }] }),
    'time_does_not_exist usage.periods.0.end',
  ],
  [
    'a period before there were meters',
    used([], { periods: [{ start: '0001-01-01', end: '2026-06-01' }] }),
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
          { name: 'peak', intervals: [{ start: '2026-06-02T00:00+08:00', end: '2026-06-01' }] },
          { name: 'off', otherwise: true },
        ],
      }),
    ),
    'validity_empty tariff.versions.0.calendars.0',
  ],
]
