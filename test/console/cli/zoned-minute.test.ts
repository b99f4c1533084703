import t from 'tap'
import { parseInstant } from '../../../console/cli/parse-instant.js'
import { zonedMinute } from '../../../console/cli/zoned-minute.js'
import { beijing, calendarFor } from '../../../domain/time.js'

t.test('a local minute says its zone, and can be typed again', async (t) => {
  const cases = [
    [beijing, '2026-07-04T16:00:00Z', '2026-07-05 00:00 +08:00'],
    [calendarFor('Europe/London'), '2026-07-04T23:30:00Z', '2026-07-05 00:30 +01:00'],
    [calendarFor('America/St_Johns'), '2026-01-05T00:10:00Z', '2026-01-04 20:40 -03:30'],
  ] as const
  for (const [calendar, instant, expected] of cases) {
    t.equal(zonedMinute(calendar, Date.parse(instant)), expected)
    t.equal(parseInstant(expected), Date.parse(instant))
  }
})
