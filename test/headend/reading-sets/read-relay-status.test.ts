import t from 'tap'
import { beijing, hourMs, minuteMs } from '../../../domain/time.js'
import { readRelayStatus } from '../../../headend/reading-sets/read-relay-status.js'
import { relayStateOf } from '../../../headend/reading-sets/relay-state.js'
import { openSetLine, setMeter } from '../../support/set-line.js'

const noon = beijing.startOfDay('2026-07-20') + 12 * hourMs

t.test('the relay itself and its command are told apart', async (t) => {
  const { line, until, tell } = await openSetLine(t, noon, [{}])
  const command = (code: string) =>
    tell('control_relay', null, Buffer.from(`0200000001000000${code}00595923311299`, 'hex'))
  t.match((await readRelayStatus(line, setMeter(1))).values, [{ relayOpen: false, commandOpen: false }])
  await command('1A')
  t.match((await readRelayStatus(line, setMeter(1))).values, [{ relayOpen: true, commandOpen: true, statusWord: 0x50 }])
  await command('1B')
  t.match(
    (await readRelayStatus(line, setMeter(1))).values,
    [{ relayOpen: true, commandOpen: false }],
    'permitted, and nobody has pressed the button yet',
  )
  await until(noon + 5 * minuteMs)
  t.match((await readRelayStatus(line, setMeter(1))).values, [{ relayOpen: false, commandOpen: false }])
})

const words = [
  [0x0000, { relayOpen: false, commandOpen: false, dayTableSet: 1, zoneTable: 1 }],
  [0x0050, { relayOpen: true, commandOpen: true, dayTableSet: 1, zoneTable: 1 }],
  [0x0021, { relayOpen: false, commandOpen: false, dayTableSet: 2, zoneTable: 2 }],
  [0xffff, { relayOpen: true, commandOpen: true, dayTableSet: 2, zoneTable: 2 }],
] as const

t.test('status word 3 bit by bit', async (t) => {
  for (const [word, state] of words) t.same(relayStateOf(word), { statusWord: word, ...state })
})

t.test('the 1997 edition has no such item and is not asked', async (t) => {
  const { line, bus } = await openSetLine(t, noon, [{ habits: { edition: '1997' } }])
  t.match(await readRelayStatus(line, setMeter(1, '1997')), { values: [], problems: [{ cause: 'no_such_data' }] })
  t.equal(bus.counters().requests, 0)
})
