import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { writeFields } from '../../../protocols/dlt645/field.js'
import { type Message, readRequest } from '../../../protocols/dlt645/message.js'
import { parseRefusal } from '../../../protocols/dlt645/refusal.js'
import { recordSelections } from '../../../protocols/dlt645/payload-fields.js'
import {
  address,
  authority,
  command,
  energisedFrom,
  meterWith,
  noon,
  say,
  valueOf,
  valuesOf,
  write,
} from './support.js'

t.test('wildcards are answered with the meter’s own address, broadcasts not at all', async (t) => {
  const meter = meterWith()
  const asked = (called: string) => say(meter, readRequest('2007', called, '00010000'))?.address ?? null
  t.equal(asked('AAAAAAAAAAAA'), address)
  t.equal(asked('AAAAAAAA0017'), address)
  t.equal(asked('AAAAAAAA0018'), null)
  t.equal(asked('2026AAAA0017'), null, 'AA below a byte that is compared')
  t.equal(asked('999999999999'), null)
  t.equal(say(meter, command('read_address', Buffer.alloc(0)))?.payload.toString('hex'), '170000002620')
})

t.test('a wildcard never trips, writes or clears', async (t) => {
  const meter = meterWith()
  const trip = relay('1A')
  t.equal(say(meter, { ...trip, address: 'AAAAAAAAAAAA' }), null)
  t.equal(valueOf(meter, '04000503', 'statusWord3'), '0000')
})

t.test('a meter of one edition is deaf to the other', async (t) => {
  t.equal(say(meterWith({ edition: '1997' }), readRequest('2007', address, '00010000')), null)
  t.equal(say(meterWith(), readRequest('1997', address, '9010')), null)
  t.equal(say(meterWith({ edition: '1997' }), readRequest('1997', '999999999999', '9010'))?.address, address)
})

t.test('power has a sign where panels give back', async (t) => {
  const meter = meterWith({ feedInPercent: 120 })
  t.match(valueOf(meter, '02030000', 'activePowerTotal'), /^-\d+\.\d{4}$/)
  t.match(valueOf(meter, '02030000', 'activePowerTotal', noon + 8 * hourMs), /^\d+\.\d{4}$/)
  t.equal(valueOf(meterWith(), '00020000', 'reverseActiveEnergyTotal'), '0.00')
  t.ok(Number(valueOf(meter, '00020000', 'reverseActiveEnergyTotal')) > 0)
})

t.test('what does not fit one frame comes in numbered parts', async (t) => {
  const meter = meterWith({ partBytes: 60 })
  const first = say(meter, readRequest('2007', address, '0506FF01'))
  t.match(first, { outcome: 'more', dataIdentifier: '0506FF01' })
  const whole = valuesOf(meter, '0506FF01')
  t.same(whole, valuesOf(meterWith({ partBytes: 200 }), '0506FF01'))
  t.match(whole?.[0], { name: 'frozenAt', value: '2026-07-15T00:00' })
})

t.test('daily freezes go back sixty-two midnights, months twelve', async (t) => {
  const meter = meterWith()
  t.equal(valueOf(meter, '0506003E', 'frozenAt'), '2026-05-15T00:00')
  t.equal(valuesOf(meter, '0506003F'), null)
  t.match(valuesOf(meter, '0001000C'), [{ state: 'ok' }])
  t.equal(valuesOf(meterWith({}, { energisedFrom: noon - 40 * dayMs }), '0001000C')?.[0]?.state, 'absent')
})

t.test('the last settlement keeps the maximum demand that the running month starts without', async (t) => {
  const meter = meterWith()
  const justAfter = beijing.startOfDay('2026-07-01') + 10 * minuteMs
  t.equal(valueOf(meter, '01010000', 'forwardActiveDemandTotal', justAfter), '0.0000')
  t.equal(valueOf(meter, '01010000', 'forwardActiveDemandTotalTime', justAfter), null)
  t.ok(Number(valueOf(meter, '01010001', 'forwardActiveDemandTotal', justAfter)) > 0)
  t.match(valueOf(meter, '01010001', 'forwardActiveDemandTotalTime', justAfter), /^2026-06-\d\dT|^2026-07-01T00:00/)
})

t.test('load records come by number and from a time on', async (t) => {
  const meter = meterWith()
  const [, from = []] = recordSelections
  const payload = present(writeFields(from, ['3', '2026-07-15T08:07']), 'a selection')
  const values = present(valuesOf(meter, '06040001', { payload }), 'records')
  t.same(
    values.filter(({ name }) => name === 'recordTime').map(({ value }) => value),
    ['2026-07-15T08:15', '2026-07-15T08:30', '2026-07-15T08:45'],
  )
  const energies = values.filter(({ name }) => name === 'forwardActiveEnergyTotal').map(({ value }) => Number(value))
  t.ok(energies.length === 3 && (energies[0] ?? 0) < (energies[2] ?? 0))
  t.equal(valuesOf(meter, '06000000')?.[0]?.value, '2025-03-01T00:00', 'the earliest')
})

t.test('a wrong password is refused, the fifth locks for a day', async (t) => {
  const meter = meterWith()
  const wrong = write('04000103', ['30'], { password: '111111' })
  for (let attempt = 0; attempt < 5; attempt += 1)
    t.match(say(meter, wrong), { outcome: 'refused', payload: Buffer.from([4]) })
  t.match(say(meter, write('04000103', ['30'])), { outcome: 'refused', payload: Buffer.from([4]) })
  t.match(say(meter, write('04000103', ['30']), noon + dayMs + 1), { outcome: 'good' })
  t.equal(valueOf(meter, '04000103', 'demandPeriod', noon + dayMs + 2), '30')
})

t.test('writes are checked, kept and written down', async (t) => {
  const meter = meterWith()
  t.match(say(meter, write('04000402', ['000000000042'])), { outcome: 'good', payload: Buffer.alloc(0) })
  t.equal(valueOf(meter, '04000402', 'meterNumber'), '000000000042')
  t.match(say(meter, { ...write('04000103', ['30']), dataIdentifier: '00010000' }), { outcome: 'refused' })
  t.equal(valueOf(meter, '03300000', 'eventCount'), '1')
  t.match(valuesOf(meter, '03300001'), [
    { name: 'happenedAt', value: '2026-07-15T12:00:00' },
    { name: 'operator', value: '00000007' },
    { name: 'dataIdentifier1', value: '04000402' },
  ])
})

t.test('a relay trips, permits closing and closes when the button is pressed', async (t) => {
  const meter = meterWith({ buttonAfterMs: 30_000 })
  const status = (now: number) => valueOf(meter, '04000503', 'statusWord3', now)
  t.match(say(meter, relay('1A')), { function: 'control_relay', outcome: 'good', payload: Buffer.alloc(0) })
  t.equal(status(noon), '0050', 'open, and told to be')
  t.match(say(meter, relay('1B'), noon + 1000), { outcome: 'good' })
  t.equal(status(noon + 2000), '0010', 'still open')
  t.equal(status(noon + 40_000), '0000')
  const before = valueOf(meter, '00010000', 'forwardActiveEnergyTotal')
  t.match(valuesOf(meter, '1D000101'), [
    { value: '2026-07-15T12:00:00' },
    { value: '00000007' },
    { name: 'forwardActiveEnergyTotal', value: before },
  ])
  t.match(say(meter, relay('1C')), { outcome: 'refused' }, 'this model closes on permission only')
  t.match(say(meterWith({ closesDirectly: true }), relay('1C')), { outcome: 'good' })
})

t.test('nothing flows and nothing is counted while the relay is open', async (t) => {
  const meter = meterWith({ buttonAfterMs: 1000 })
  const total = (now: number) => valueOf(meter, '00010000', 'forwardActiveEnergyTotal', now)
  const before = total(noon)
  say(meter, relay('1A'))
  const nextDay = noon + dayMs
  t.equal(total(nextDay), before)
  t.equal(valueOf(meter, '02030000', 'activePowerTotal', nextDay), '0.0000')
  t.equal(valueOf(meter, '02020100', 'currentA', nextDay), '0.000')
  say(meter, relay('1B', '2026-07-16T12:05:00'), nextDay)
  t.equal(total(nextDay + 900), before, 'not before the button is pressed')
  t.ok(Number(total(nextDay + dayMs)) > Number(before))
  t.match(valuesOf(meter, '1D000101', { now: nextDay }), [{}, {}, { name: 'forwardActiveEnergyTotal', value: before }])
})

t.test('the 1997 edition repeats what was read last', async (t) => {
  const meter = meterWith({ edition: '1997' })
  const again: Message = { ...readRequest('1997', address, '9010'), function: 'read_again', dataIdentifier: null }
  t.match(say(meter, again), { outcome: 'refused' })
  const first = say(meter, readRequest('1997', address, '9010'))
  t.match(say(meter, again), { outcome: 'good', dataIdentifier: '9010', payload: first?.payload })
})

t.test('an expired trip and one in keep-power state are refused', async (t) => {
  const meter = meterWith()
  t.match(say(meter, relay('1A', '2026-07-15T11:59:59')), { outcome: 'refused' })
  t.match(say(meter, relay('3A')), { outcome: 'good' })
  t.match(say(meter, relay('1A')), { outcome: 'refused' })
  t.match(say(meter, relay('3B')), { outcome: 'good' })
  t.match(say(meter, relay('1A')), { outcome: 'good' })
})

t.test('broadcast time moves a clock by minutes, once a day, and never around midnight', async (t) => {
  const meter = meterWith({ clock: { offsetMs: 90_000 } })
  const broadcast = (time: string): Message => ({ ...command('broadcast_time', stamp(time)), address: '999999999999' })
  t.equal(valueOf(meter, '04000102', 'time'), '12:01:30')
  t.equal(say(meter, broadcast('2026-07-15T12:30:00')), null)
  t.equal(valueOf(meter, '04000102', 'time'), '12:01:30', 'half an hour is too much')
  say(meter, broadcast('2026-07-15T12:00:00'))
  t.equal(valueOf(meter, '04000102', 'time'), '12:00:00')
  say(meter, broadcast('2026-07-15T12:01:00'))
  t.equal(valueOf(meter, '04000102', 'time'), '12:00:00', 'once a day')
  const atMidnight = beijing.startOfDay('2026-07-17') + minuteMs
  say(meter, broadcast('2026-07-17T00:02:00'), atMidnight)
  t.equal(valueOf(meter, '04000102', 'time', atMidnight), '00:01:00')
  t.match(valuesOf(meter, '03300401'), [{}, { value: '2026-07-15T12:01:30' }, { value: '2026-07-15T12:00:00' }])
})

t.test('a clock whose battery is lost starts again in the year 2000, until it is set', async (t) => {
  const meter = meterWith({ clock: { batteryLostAt: noon - hourMs } })
  t.equal(valueOf(meter, '04000101', 'date'), '2000-01-01')
  t.equal(valueOf(meter, '04000102', 'time'), '01:00:00')
  t.match(say(meter, write('04000101', ['03', '2026-07-15'])), { outcome: 'good' })
  t.match(say(meter, write('04000102', ['12:00:00'])), { outcome: 'good' })
  t.equal(valueOf(meter, '04000101', 'date'), '2026-07-15')
})

t.test('tariffs follow the meter’s own clock and the tables that are written into it', async (t) => {
  const valley = (meter: ReturnType<typeof meterWith>, now: number) =>
    Number(valueOf(meter, '00010400', 'forwardActiveEnergyTou4', now))
  const evening = beijing.startOfDay('2026-07-15') + 21 * hourMs
  const fast = meterWith({ clock: { offsetMs: hourMs } })
  const used = (meter: ReturnType<typeof meterWith>) => valley(meter, evening + hourMs) - valley(meter, evening)
  t.equal(used(meterWith()), 0, 'at nine in the evening the peak counts')
  t.ok(used(fast) > 0, 'for a clock an hour fast it is ten, and the valley counts')
  const rewritten = meterWith()
  t.match(say(rewritten, write('04010001', ['000003'])), { outcome: 'good' })
  const flat = (now: number) => Number(valueOf(rewritten, '00010300', 'forwardActiveEnergyTou3', now))
  t.ok(flat(evening + hourMs) > flat(evening), 'one slot of tariff 3 all day')
  t.equal(used(rewritten), 0)
})

t.test('registers set to zero count on from there', async (t) => {
  const meter = meterWith()
  t.match(say(meter, command('clear_meter', authority())), { outcome: 'good' })
  t.equal(valueOf(meter, '00010000', 'forwardActiveEnergyTotal'), '0.00')
  t.ok(Number(valueOf(meter, '00010000', 'forwardActiveEnergyTotal', noon + dayMs)) > 0)
  t.equal(valueOf(meter, '03300100', 'eventCount'), '1')
})

t.test('a freeze by command keeps the registers of that moment', async (t) => {
  const meter = meterWith()
  const before = valueOf(meter, '00010000', 'forwardActiveEnergyTotal')
  say(meter, { ...command('freeze', Buffer.from('99999999', 'hex')), address: '999999999999' })
  const later = noon + 6 * hourMs
  t.equal(valueOf(meter, '05010101', 'forwardActiveEnergyTotal', later), before)
  t.equal(valueOf(meter, '05010001', 'frozenAt', later), '2026-07-15T12:00')
  t.equal(valuesOf(meter, '05010102')?.[0]?.state, 'absent')
})

t.test('a new address is answered to, the old one is not', async (t) => {
  const meter = meterWith()
  t.match(say(meter, command('write_address', Buffer.from('420000002620', 'hex'))), { outcome: 'good' })
  t.equal(say(meter, readRequest('2007', address, '00010000')), null)
  t.match(say(meter, readRequest('2007', '202600000042', '00010000')), { outcome: 'good' })
})

t.test('items that a model does not know are refused, and before it has supply a meter is silent', async (t) => {
  const meter = meterWith({ unknownItems: ['0001FF..', '02......'] })
  t.equal(valuesOf(meter, '0001FF00'), null)
  t.equal(valuesOf(meter, '02010100'), null)
  t.match(valuesOf(meter, '00010000'), [{ state: 'ok' }])
  t.equal(say(meter, readRequest('2007', address, '00010000'), energisedFrom - 1), null)
})

function stamp(time: string): Buffer {
  const digits = time.replaceAll(/[-:T]/g, '').slice(2)
  return Buffer.from((digits.match(/../g) ?? []).toReversed().join(''), 'hex')
}

function relay(code: string, validUntil = '2026-07-15T12:05:00'): Message {
  return command(
    'control_relay',
    Buffer.concat([authority(), Buffer.from([Number.parseInt(code, 16), 0]), stamp(validUntil)]),
  )
}

t.test('a password is never told', async (t) => {
  t.match(say(meterWith(), readRequest('2007', address, '04000C02')), { outcome: 'refused' })
})

t.test('a block of all tariffs and settlement days comes in the order of the identifiers', async (t) => {
  const meter = meterWith()
  const names = (valuesOf(meter, '0001FFFF') ?? []).map(({ name }) => name)
  t.same(
    [names.length, names[0], names[1], names[13]],
    [65, 'forwardActiveEnergyTotal', 'forwardActiveEnergyTotalSettlement1', 'forwardActiveEnergyTou1'],
  )
  const firstMonth = valuesOf(meter, '0001FFFF')?.[1]?.value
  t.equal(firstMonth, valueOf(meter, '00010001', 'forwardActiveEnergyTotal'))
})

t.test('more zones, slots or tariffs than the meter has are refused by name', async (t) => {
  const meter = meterWith()
  const reasonsOf = (message: Message) => {
    const reply = say(meter, message)
    return reply?.outcome === 'refused' ? parseRefusal('2007', 'write', reply.payload).reasons : reply?.outcome
  }
  t.same(reasonsOf(write('04000201', ['15'])), ['too_many_year_zones'])
  t.same(reasonsOf(write('04000203', ['15'])), ['too_many_day_slots'])
  t.same(reasonsOf(write('04000204', ['5'])), ['too_many_tariffs'])
  t.same(reasonsOf(write('04010001', ['000005'])), ['too_many_tariffs'])
  t.same(reasonsOf(write('04000204', ['4'])), 'good')
})

t.test('a freeze at a time that no clock shows is refused', async (t) => {
  const freeze = (hex: string) => say(meterWith(), command('freeze', Buffer.from(hex, 'hex')))
  t.match(freeze('61999999'), { outcome: 'refused' })
  t.match(freeze('59999999'), { outcome: 'good' })
  t.match(freeze('00000131'), { outcome: 'refused' }, 'month 31')
})

t.test(
  'an empty clock battery is seen in the status word and the voltage, and being told the time does not fill it',
  async (t) => {
    const meter = meterWith({ clock: { batteryLostAt: noon - hourMs } })
    t.equal(valueOf(meter, '04000501', 'statusWord1', noon - 2 * hourMs), '0000')
    t.equal(valueOf(meter, '04000501', 'statusWord1'), '0004')
    t.equal(valueOf(meter, '02800008', 'clockBatteryVoltage'), '0.00')
  },
)
