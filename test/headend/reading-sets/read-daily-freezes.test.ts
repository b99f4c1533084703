import t from 'tap'
import { beijing, hourMs } from '../../../domain/time.js'
import { frozenQuantities, readDailyFreezes } from '../../../headend/reading-sets/read-daily-freezes.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'
import { openSetLine, setMeter } from '../../support/set-line.js'
import { unevenLoad, unevenRegisters } from '../../support/uneven-load.js'

const midnight = beijing.startOfDay('2026-07-20')
t.test('all quantities of a midnight come under the stamp that is asked for once', async (t) => {
  const habits = { feedInPercent: 40 }
  const { line, bus } = await openSetLine(t, midnight + hourMs, [{ source: unevenLoad(1), habits }])
  const { readings, problems } = await readDailyFreezes(line, setMeter(1), midnight, midnight, frozenQuantities)
  t.same(problems, [])
  t.equal(bus.counters().requests, 1 + frozenQuantities.length, 'whose tariffs all add up')
  const { totalE4 } = unevenRegisters(1, midnight)
  const shown = (value: bigint) => (value / 100n) * 100n
  const truth = new Map([
    ['forward_active_energy', totalE4],
    ['reverse_active_energy', shown((totalE4 * 40n) / 100n)],
    ['reactive_quadrant1_energy', shown((totalE4 * 25n) / 100n)],
    ['reactive_quadrant4_energy', shown((totalE4 * 5n) / 100n)],
  ])
  for (const [quantity, total] of truth)
    t.equal(readings.find((each) => each.quantity === quantity)?.registers.totalE4, total, quantity)
  t.ok(readings.every(({ readAt, source }) => readAt === midnight && source === 'scheduled'))
})

t.test('the evidence of each begins with the stamp', async (t) => {
  const { line } = await openSetLine(t, midnight + hourMs, [{ source: unevenLoad(1) }])
  const wanted = ['reverse_active_energy', 'combined_reactive1_energy'] as const
  const { readings } = await readDailyFreezes(line, setMeter(1), midnight, midnight, wanted)
  t.same(
    readings.map(({ response }) => {
      const report = inspectStream(response)
      return report.ok ? report.frames.map(({ dataIdentifier }) => dataIdentifier) : []
    }),
    [
      ['05060001', '05060201'],
      ['05060001', '05060301'],
    ],
  )
})

t.test('what a model does not freeze is named, and a midnight that it does not hold costs one look', async (t) => {
  const habits = { unknownItems: ['050602..'] }
  const missedFreezes = new Set(['2026-07-20'])
  const known = await openSetLine(t, midnight + hourMs, [{ source: unevenLoad(1), habits }])
  const wanted = ['forward_active_energy', 'reverse_active_energy'] as const
  const some = await readDailyFreezes(known.line, setMeter(1), midnight, midnight, wanted)
  t.equal(some.readings.length, 1)
  t.same(some.problems, [{ quantity: 'reverse_active_energy', cause: 'no_such_data' }])
  const without = await openSetLine(t, midnight + hourMs, [{ source: unevenLoad(1), missedFreezes }])
  const none = await readDailyFreezes(without.line, setMeter(1), midnight, midnight, wanted)
  t.same(
    none.problems.map(({ cause }) => cause),
    ['no_freeze', 'no_freeze'],
  )
})
