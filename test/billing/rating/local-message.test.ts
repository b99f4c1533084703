import t from 'tap'
import { localMessage } from '../../../billing/rating/local-message.js'
import { calendarFor } from '../../../domain/time.js'

t.test('instants are told as the clocks of the zone show them, with their offset', (t) => {
  const rows = [
    ['Asia/Shanghai', 'from 2026-06-30T16:00:00.000Z on', 'from 2026-07-01T00:00+08:00 on'],
    ['Europe/Berlin', '2026-01-31T23:00:00.000Z', '2026-02-01T00:00+01:00'],
    ['Europe/Berlin', '2026-07-01T10:00:05.000Z', '2026-07-01T12:00:05+02:00'],
    ['America/New_York', '2026-07-01T02:30:00.000Z', '2026-06-30T22:30-04:00'],
    [
      'Asia/Kolkata',
      '2026-07-01T00:00:00.000Z and 2026-07-02T00:00:00.000Z',
      '2026-07-01T05:30+05:30 and 2026-07-02T05:30+05:30',
    ],
    ['Asia/Shanghai', 'the file says 2026-07-01T00:00:00Z', 'the file says 2026-07-01T00:00:00Z'],
  ] as const
  for (const [zone, message, expected] of rows) t.equal(localMessage(message, calendarFor(zone)), expected)
  t.end()
})
