import t from 'tap'
import { intervalEnergyE4 } from '../../../domain/interval-energy.js'
import { present } from '../../../domain/result.js'
import { beijing, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { slotsIn } from '../../../headend/reading-sets/curve-gaps.js'
import { readCurve } from '../../../headend/reading-sets/read-curve.js'
import { openSetLine, setMeter } from '../../support/set-line.js'
import { unevenEnergy, unevenLoad, unevenRegisters } from '../../support/uneven-load.js'

const slotMs = 15 * minuteMs
const day = beijing.startOfDay('2026-07-01')
const next = beijing.startOfDay('2026-07-02')
const slots = slotsIn({ start: day, end: next }, slotMs)
const morning = next + hourMs
const meters = [{ source: unevenLoad(1) }]

t.test('a day of registers comes in ten requests and gives the energy of each slot', async (t) => {
  const { line, clock, bus } = await openSetLine(t, morning, meters)
  const missing = [day - slotMs, ...slots]
  const { values, problems, absent } = await readCurve(line, clock, setMeter(1), {
    curve: 'load_energy',
    missing,
    until: morning + hourMs,
  })
  t.same(problems, [])
  t.equal(absent, null)
  t.equal(values.length, 97)
  const ends = new Map(values.map(({ slotEnd, valuesE4 }) => [slotEnd, present(valuesE4[0], 'forward')]))
  for (const start of slots) {
    const energy = intervalEnergyE4(ends.get(start) ?? -1n, ends.get(start + slotMs) ?? -1n, 6)
    t.same(energy, { ok: true, value: unevenEnergy(1, start) })
  }
  const frames = new Set(values.map(({ evidence }) => evidence.frame))
  t.equal(frames.size, 10)
  t.equal(bus.counters().requests, 20, 'each of them in two parts')
  t.equal(values[0]?.slotStart, next - 10 * slotMs, 'the newest first')
})

t.test('power is that of the stamp, which closes the slot', async (t) => {
  const { line, clock } = await openSetLine(t, morning, meters)
  const start = day + 5 * hourMs
  const wish = { curve: 'load_power', missing: [start], until: morning + hourMs } as const
  const { values } = await readCurve(line, clock, setMeter(1), wish)
  t.match(values, [{ slotStart: start, slotEnd: start + slotMs, curve: 'load_power' }])
  t.equal(values[0]?.valuesE4.length, 8)
  t.equal(values[0]?.valuesE4[0], unevenEnergy(1, start) * 4n)
})

t.test('a source that stamps the start of its slots is filed as such', async (t) => {
  const { line, clock } = await openSetLine(t, morning, meters)
  const missing = [day + 5 * hourMs]
  const wish = { curve: 'load_energy', missing, until: morning + hourMs, source: { slotMs, stamp: 'start' } } as const
  const { values } = await readCurve(line, clock, setMeter(1), wish)
  t.match(values, [{ slotStart: day + 5 * hourMs, slotEnd: day + 5 * hourMs + slotMs }])
  t.equal(values[0]?.valuesE4[0], unevenRegisters(1, day + 5 * hourMs).totalE4)
})

t.test('slots that the memory does not hold are told, once, and the others come', async (t) => {
  const energisedFrom = day + 3 * hourMs
  const { line, clock } = await openSetLine(t, morning, [{ source: unevenLoad(1), energisedFrom }])
  const wish = { curve: 'load_energy', missing: slots, until: morning + hourMs } as const
  const { values, absent } = await readCurve(line, clock, setMeter(1), wish)
  const isHeld = (start: Instant) => start + slotMs >= energisedFrom
  t.same(new Set(values.map(({ slotStart }) => slotStart)), new Set(slots.filter(isHeld)))
  t.same(
    absent?.slotStarts.toSorted(),
    slots.filter((start) => !isHeld(start)),
  )
})

t.test('what the time did not suffice for stays missing and is asked for the next time', async (t) => {
  const { line, clock } = await openSetLine(t, morning, meters)
  const first = await readCurve(line, clock, setMeter(1), {
    curve: 'load_energy',
    missing: slots,
    until: clock.now() + 10_000,
  })
  t.ok(first.values.length > 0 && first.values.length < 96, `${first.values.length} of 96`)
  const known = new Set(first.values.map(({ slotStart }) => slotStart))
  const missing = slots.filter((start) => !known.has(start))
  const second = await readCurve(line, clock, setMeter(1), { curve: 'load_energy', missing, until: morning + hourMs })
  t.equal(known.size + second.values.length, 96, 'none twice, none left')
})

t.test('an outage ends the set, and nothing is taken for absent because of it', async (t) => {
  const outage = { from: morning + 6_000, to: morning + hourMs }
  const { line, clock } = await openSetLine(t, morning, meters, { outages: [outage] })
  const wish = { curve: 'load_energy', missing: slots, until: morning + hourMs } as const
  const { values, problems, absent } = await readCurve(line, clock, setMeter(1), wish)
  t.ok(values.length > 0)
  t.match(problems, [{ dataIdentifier: '06040001', cause: 'line_down' }])
  t.equal(absent, null)
})

t.test('a meter that keeps no such class has none of its slots', async (t) => {
  const { line, clock } = await openSetLine(t, morning, [
    { source: unevenLoad(1), habits: { unknownItems: ['06......'] } },
  ])
  const wish = { curve: 'load_energy', missing: slots.slice(0, 10), until: morning + hourMs } as const
  const { values, problems, absent } = await readCurve(line, clock, setMeter(1), wish)
  t.same([values, problems], [[], []])
  t.equal(absent?.slotStarts.length, 10)
})
