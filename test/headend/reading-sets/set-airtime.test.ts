import t from 'tap'
import { usualClockLimits } from '../../../domain/clock-limits.js'
import { beijing, hourMs, minuteMs } from '../../../domain/time.js'
import type { SetMeter } from '../../../headend/reading-sets/ask-item.js'
import { readClock } from '../../../headend/reading-sets/read-clock.js'
import { readCurve } from '../../../headend/reading-sets/read-curve.js'
import { frozenQuantities, readDailyFreezes } from '../../../headend/reading-sets/read-daily-freezes.js'
import { readEvents } from '../../../headend/reading-sets/read-events.js'
import { readHourlyFreezes } from '../../../headend/reading-sets/read-hourly-freezes.js'
import { readMonthlySet } from '../../../headend/reading-sets/read-monthly-set.js'
import { readRelayStatus } from '../../../headend/reading-sets/read-relay-status.js'
import { airtimeOf, type PlannedSet } from '../../../headend/reading-sets/set-airtime.js'
import type { Dlt645Line } from '../../../headend/sessions/dlt645-line.js'
import type { Clock } from '../../../domain/runtime.js'
import { openSetLine, setMeter } from '../../support/set-line.js'
import { unevenLoad } from '../../support/uneven-load.js'

const noon = beijing.startOfDay('2026-07-20') + 12 * hourMs + 20 * minuteMs
const midnight = beijing.startOfDay('2026-07-20')
const slots = Array.from({ length: 24 }, (_, index) => midnight + index * 15 * minuteMs)
const hours = Array.from({ length: 3 }, (_, index) => midnight + index * hourMs).map((start) => start + 9 * hourMs)
const until = noon + hourMs

type Read = (line: Dlt645Line, clock: Clock, meter: SetMeter) => Promise<unknown>

const sets: readonly (readonly [PlannedSet, Read])[] = [
  [
    { set: 'daily_freeze', quantities: frozenQuantities, hasParity: true },
    (line, _clock, meter) => readDailyFreezes(line, meter, midnight, midnight, frozenQuantities),
  ],
  [
    { set: 'monthly_set', edition: '2007', hasParity: true },
    (line, clock, meter) => readMonthlySet(line, clock, meter, midnight),
  ],
  [
    { set: 'monthly_set', edition: '1997', hasParity: true },
    (line, clock, meter) => readMonthlySet(line, clock, meter, midnight),
  ],
  [
    { set: 'curve', curve: 'load_energy', slots: slots.length },
    (line, clock, meter) => readCurve(line, clock, meter, { curve: 'load_energy', missing: slots, until }),
  ],
  [
    { set: 'curve', curve: 'load_power', slots: slots.length },
    (line, clock, meter) => readCurve(line, clock, meter, { curve: 'load_power', missing: slots, until }),
  ],
  [
    { set: 'hourly_freeze', hours: hours.length },
    (line, clock, meter) => readHourlyFreezes(line, clock, meter, { missing: hours, until }),
  ],
  [{ set: 'events' }, (line, clock, meter) => readEvents(line, clock, meter, { known: new Map() })],
  [
    { set: 'monthly_set', edition: '2007', hasParity: false },
    (line, clock, meter) => readMonthlySet(line, clock, { ...meter, hasParity: false }, midnight),
  ],
  [
    { set: 'clock', edition: '2007' },
    (line, clock, meter) => readClock(line, clock, meter, { limits: usualClockLimits, baud: 2400, previous: null }),
  ],
  [{ set: 'relay_status' }, (line, _clock, meter) => readRelayStatus(line, meter)],
]

const wakeUpBytes = 4

t.test('the exchanges that are planned for a set are those that a usual meter takes, byte for byte', async (t) => {
  for (const [planned, read] of sets) {
    const edition = 'edition' in planned ? planned.edition : '2007'
    const { line, clock } = await openSetLine(t, noon, [{ source: unevenLoad(1), habits: { edition } }])
    await read(line, clock, setMeter(1, edition))
    const { requests, bytesOut, bytesIn } = line.counters()
    const exchanges = airtimeOf(planned)
    const sum = (key: 'requestBytes' | 'replyBytes') =>
      exchanges.reduce((total, each) => total + each[key] + wakeUpBytes, 0)
    t.same(
      [exchanges.length, sum('requestBytes'), sum('replyBytes')],
      [requests, bytesOut, bytesIn],
      `${planned.set} ${edition}`,
    )
  }
})
