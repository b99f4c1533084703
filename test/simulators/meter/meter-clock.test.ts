import t from 'tap'
import { beijing, dayMs, hourMs } from '../../../domain/time.js'
import { createMeterClock } from '../../../simulators/meter/meter-clock.js'

const since = beijing.startOfDay('2026-01-01')

t.test('a clock gains evenly and is told the time again', async (t) => {
  const clock = createMeterClock({ offsetMs: 60_000, gainMsPerDay: 2000 }, since)
  t.equal(clock.shownAt(since) - since, 60_000)
  t.equal(clock.shownAt(since + 10 * dayMs) - (since + 10 * dayMs), 80_000)
  clock.set(since + 10 * dayMs, since + 10 * dayMs)
  t.equal(clock.shownAt(since + 11 * dayMs) - (since + 11 * dayMs), 2000)
})

t.test('the true instant of what was shown is what it was', async (t) => {
  const clock = createMeterClock({ offsetMs: -90_000, gainMsPerDay: -1000 }, since)
  for (const days of [0, 1, 30, 200]) {
    const at = since + days * dayMs + 7 * hourMs
    const shown = clock.shownAt(at)
    t.ok(Math.abs(clock.trueInstantOf(shown) - at) <= 1, `${days} days`)
    t.ok(clock.shownAt(clock.trueInstantOf(shown)) >= shown, 'not before it')
  }
})

t.test('without a battery it starts again in 2000', async (t) => {
  const lost = since + dayMs
  const clock = createMeterClock({ batteryLostAt: lost }, since)
  t.equal(clock.shownAt(lost - 1), lost - 1)
  t.equal(clock.shownAt(lost + hourMs), beijing.startOfDay('2000-01-01') + hourMs)
  t.equal(clock.trueInstantOf(beijing.startOfDay('2000-01-02')), lost + dayMs)
  clock.set(lost + dayMs, lost + dayMs)
  t.equal(clock.shownAt(lost + dayMs), lost + dayMs)
})
