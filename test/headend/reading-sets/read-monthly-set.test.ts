import t from 'tap'
import { beijing, hourMs, minuteMs } from '../../../domain/time.js'
import { readMonthlySet } from '../../../headend/reading-sets/read-monthly-set.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'
import type { CollectedValue } from '../../../storage/headend/collected-values.js'
import { openSetLine, setMeter } from '../../support/set-line.js'
import { greatestQuarter, unevenLoad, unevenRegisters } from '../../support/uneven-load.js'

const july = beijing.startOfDay('2026-07-01')
const august = beijing.startOfDay('2026-08-01')
const meters = [{ source: unevenLoad(1) }]

function energyOf(values: readonly CollectedValue[], quantity: string) {
  const found = values.find((value) => value.kind === 'settlement' && value.quantity === quantity)
  return found?.kind === 'settlement' ? found.registers.totalE4 : null
}

function demandOf(values: readonly CollectedValue[]) {
  const found = values.find((value) => value.kind === 'demand')
  return found?.kind === 'demand' ? found.demands.total : null
}

t.test('what the settlement closed is read after the reset as it stood at the settlement', async (t) => {
  const { line, clock } = await openSetLine(t, august + 9 * hourMs, meters)
  const set = await readMonthlySet(line, clock, setMeter(1), august)
  t.equal(set.fit, 'agrees')
  t.equal(set.settledAt, august)
  t.same(set.problems, [])
  t.equal(set.values.length, 9)
  t.equal(energyOf(set.values, 'forward_active_energy'), unevenRegisters(1, august).totalE4)
  t.equal(energyOf(set.values, 'reverse_active_energy'), 0n)
  t.equal(
    energyOf(set.values, 'reactive_quadrant1_energy'),
    (unevenRegisters(1, august).totalE4 / 4n / 100n) * 100n,
    'cut off at 0.01 kvarh',
  )
  t.same(demandOf(set.values), greatestQuarter(1, july, august), 'the month before, not the nine hours since')
})

t.test('the evidence of each value decodes to the settlement day and to the value', async (t) => {
  const { line, clock } = await openSetLine(t, august + 9 * hourMs, meters)
  const { values } = await readMonthlySet(line, clock, setMeter(1), august)
  for (const { evidence } of values) {
    const report = inspectStream(evidence.frame.response)
    t.ok(report.ok)
    if (!report.ok) continue
    t.equal(report.frames[0]?.dataIdentifier, '04000B01')
    t.equal(report.frames.length, 2)
    t.equal(inspectStream(evidence.frame.request ?? Buffer.alloc(0)).ok, true)
  }
})

const credentials = Buffer.from('0200000001000000', 'hex')

/** Settlement day 1 with the credentials to write it. */
function settlementDay(ddhh: string): Buffer {
  return Buffer.concat([credentials, Buffer.from(ddhh, 'hex').toReversed()])
}

t.test('a meter that settles at another moment than the account says so, and is filed under its own', async (t) => {
  const { line, clock, tell } = await openSetLine(t, august + 9 * hourMs, meters)
  await tell('write', '04000B01', settlementDay('2006'))
  const set = await readMonthlySet(line, clock, setMeter(1), august)
  const settledAt = beijing.startOfDay('2026-07-20') + 6 * hourMs
  t.equal(set.fit, 'settlement_elsewhen')
  t.equal(set.settledAt, settledAt)
  t.equal(energyOf(set.values, 'forward_active_energy'), unevenRegisters(1, settledAt).totalE4)
  t.same(demandOf(set.values), greatestQuarter(1, beijing.startOfDay('2026-06-20') + 6 * hourMs, settledAt))
})

t.test('a meter without a settlement day brings nothing under DI0 = 01', async (t) => {
  const { line, clock, tell } = await openSetLine(t, august + 9 * hourMs, meters)
  await tell('write', '04000B01', settlementDay('9999'))
  t.match(await readMonthlySet(line, clock, setMeter(1), august), {
    fit: 'settlement_unused',
    values: [],
    settledAt: null,
  })
})

t.test('near a settlement nobody can tell which one DI0 = 01 means', async (t) => {
  const { line, clock, until } = await openSetLine(t, august - 8 * minuteMs, meters)
  t.match(await readMonthlySet(line, clock, setMeter(1), august), { fit: 'settlement_at_hand', values: [] })
  await until(august + 8 * minuteMs)
  t.match(await readMonthlySet(line, clock, setMeter(1), august), { fit: 'settlement_at_hand', values: [] })
  await until(august + 11 * minuteMs)
  t.match(await readMonthlySet(line, clock, setMeter(1), august), { fit: 'agrees' })
})

t.test('a demand of another month than the settlement closed is no value of it', async (t) => {
  // Nine hours slow, the meter has not settled August yet: its DI0 = 01 is July's, with a demand of June.
  const slow = [{ source: unevenLoad(1), habits: { clock: { offsetMs: -9 * hourMs } } }]
  const { line, clock } = await openSetLine(t, august + 2 * hourMs, slow)
  const { values, problems } = await readMonthlySet(line, clock, setMeter(1), august)
  t.equal(demandOf(values), null)
  t.match(problems, [{ dataIdentifier: '0101FF01', cause: 'invalid_value', frame: { protocol: 'dlt645_2007' } }])
})

t.test('what a model does not know costs only that item', async (t) => {
  const { line, clock } = await openSetLine(t, august + 9 * hourMs, [
    { source: unevenLoad(1), habits: { unknownItems: ['0002....', '0008....'] } },
  ])
  const { values, problems } = await readMonthlySet(line, clock, setMeter(1), august)
  t.equal(values.length, 7)
  t.match(problems, [
    { dataIdentifier: '0002FF01', cause: 'no_such_data', frame: null },
    { dataIdentifier: '00080001', cause: 'no_such_data', frame: null },
  ])
})

t.test('a silent meter costs one reply time, and its settlement is unknown', async (t) => {
  const { line, clock, bus } = await openSetLine(t, august + 9 * hourMs, [])
  t.match(await readMonthlySet(line, clock, setMeter(1), august), {
    fit: 'settlement_unknown',
    problems: [{ dataIdentifier: '04000B01', cause: 'no_reply' }],
  })
  t.equal(bus.counters().requests, 1)
})

t.test('a meter of the 1997 edition gives its last month under items of its own', async (t) => {
  const { line, clock } = await openSetLine(t, august + 9 * hourMs, [
    { source: unevenLoad(1), habits: { edition: '1997' } },
  ])
  const { values, fit, problems } = await readMonthlySet(line, clock, setMeter(1, '1997'), august)
  t.equal(fit, 'agrees')
  t.same(problems, [])
  t.equal(energyOf(values, 'forward_active_energy'), unevenRegisters(1, august).totalE4)
  t.equal(energyOf(values, 'combined_reactive1_energy'), null, 'which it does not have')
  t.same(demandOf(values), greatestQuarter(1, july, august), 'value and time joined, the year completed')
})
