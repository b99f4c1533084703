import t from 'tap'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { createCyclicSource, type CyclicSourceSettings } from '../../../simulators/load/cyclic-source.js'

const from = beijing.startOfDay('2025-01-01')
const settings: CyclicSourceSettings = {
  seed: 3,
  customerClass: 'residential',
  meterNumber: 12,
  monthlyE4: 2_400_000n,
  from,
  clockOffsetMs: 0,
}
const registers = (at: Instant, more: Partial<CyclicSourceSettings> = {}) =>
  createCyclicSource({ ...settings, ...more }).registersAt(at)
const sumOf = (tou: readonly (bigint | null)[]) => tou.reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n)

t.test('the same settings give the same registers, others give others', async (t) => {
  const at = from + 400 * dayMs + 5 * hourMs
  t.same(registers(at), registers(at))
  t.notSame(registers(at), registers(at, { seed: 4 }))
  t.notSame(registers(at), registers(at, { meterNumber: 13 }))
})

t.test('registers never fall, and the tariffs are the total but for their own cut', async (t) => {
  const source = createCyclicSource(settings)
  let before = source.registersAt(from)
  for (let at = from; at < from + 60 * dayMs; at += 97 * minuteMs) {
    const now = source.registersAt(at)
    t.ok(now.totalE4 >= before.totalE4 && now.touE4.every((each, index) => (each ?? 0n) >= (before.touE4[index] ?? 0n)))
    const difference = now.totalE4 - sumOf(now.touE4)
    t.ok(difference >= 0n && difference <= 4n, `${difference}`)
    before = now
  }
})

t.test('a month uses what its settings say, within its noise', async (t) => {
  const used = registers(from + 280 * dayMs).totalE4 - registers(from).totalE4
  const expected = (settings.monthlyE4 * 280n) / 30n
  t.ok(used > (expected * 90n) / 100n && used < (expected * 110n) / 100n, `${used} of ${expected}`)
})

t.test('sums over four weeks and slot by slot agree, whatever the clock', async (t) => {
  for (const clockOffsetMs of [0, -7 * minuteMs, 3 * hourMs]) {
    const summed = createCyclicSource({ ...settings, clockOffsetMs })
    const walked = createCyclicSource({ ...settings, clockOffsetMs })
    walked.countBy?.(from, {
      clockOffsetMs,
      slotsOn: () => [
        { fromMinute: 0, tariff: 4 },
        { fromMinute: 8 * 60, tariff: 2 },
        { fromMinute: 22 * 60, tariff: 4 },
      ],
    })
    for (const days of [0, 1, 27, 28, 29, 100]) {
      const at = from + days * dayMs + 13 * hourMs + 17 * minuteMs
      t.same(walked.registersAt(at), summed.registersAt(at), `${clockOffsetMs} ms, ${days} days`)
    }
  }
})

t.test('a change of schedule leaves what was counted where it is', async (t) => {
  const source = createCyclicSource(settings)
  const change = from + 10 * dayMs + 9 * hourMs
  const before = source.registersAt(change)
  source.countBy?.(change, { clockOffsetMs: 0, slotsOn: () => [{ fromMinute: 0, tariff: 1 }] })
  t.same(source.registersAt(change), before)
  const after = source.registersAt(change + 5 * dayMs)
  t.same(after.touE4.slice(1), before.touE4.slice(1))
  t.ok((after.touE4[0] ?? 0n) > (before.touE4[0] ?? 0n))
})
