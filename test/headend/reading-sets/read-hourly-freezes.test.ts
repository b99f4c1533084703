import t from 'tap'
import { beijing, hourMs, minuteMs } from '../../../domain/time.js'
import { readHourlyFreezes } from '../../../headend/reading-sets/read-hourly-freezes.js'
import { openSetLine, setMeter } from '../../support/set-line.js'
import { unevenLoad, unevenRegisters } from '../../support/uneven-load.js'

const noon = beijing.startOfDay('2026-07-02') + 12 * hourMs
const hours = Array.from({ length: 6 }, (_, index) => noon - (index + 1) * hourMs)

t.test('each hour holds the registers of its end', async (t) => {
  const { line, clock, bus } = await openSetLine(t, noon + 5 * minuteMs, [{ source: unevenLoad(1) }])
  const wish = { missing: hours, until: noon + hourMs / 2 }
  const { values, problems, absent } = await readHourlyFreezes(line, clock, setMeter(1), wish)
  t.same([problems, absent], [[], null])
  t.equal(bus.counters().requests, hours.length)
  t.same(
    values.map(({ slotStart, slotEnd, valuesE4 }) => [slotStart, slotEnd, valuesE4]),
    hours.map((start) => [start, start + hourMs, [unevenRegisters(1, start + hourMs).totalE4, 0n]]),
  )
})

t.test('an index that is off by an hour costs one more request and no wrong value', async (t) => {
  // Its clock is ten minutes slow: at five past noon it has not frozen noon yet.
  const habits = { clock: { offsetMs: -10 * minuteMs } }
  const { line, clock } = await openSetLine(t, noon + 5 * minuteMs, [{ source: unevenLoad(1), habits }])
  const wish = { missing: hours.slice(1), until: noon + hourMs / 2 }
  const { values, absent } = await readHourlyFreezes(line, clock, setMeter(1), wish)
  t.equal(absent, null)
  for (const start of hours.slice(1)) {
    const found = values.find(({ slotStart }) => slotStart === start)
    t.equal(found?.valuesE4[0], unevenRegisters(1, start + hourMs + 10 * minuteMs).totalE4)
  }
})

t.test('hours before the meter had supply are not in its memory', async (t) => {
  const energisedFrom = noon - 3 * hourMs
  const { line, clock } = await openSetLine(t, noon + 5 * minuteMs, [{ source: unevenLoad(1), energisedFrom }])
  const wish = { missing: hours, until: noon + hourMs / 2 }
  const { values, absent } = await readHourlyFreezes(line, clock, setMeter(1), wish)
  t.same(
    values.map(({ slotStart }) => slotStart),
    hours.slice(0, 4),
  )
  t.same(absent?.slotStarts, hours.slice(4))
})
