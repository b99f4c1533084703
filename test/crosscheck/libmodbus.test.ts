import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { createSerialPorts } from '../../console/runtime/serial-port.js'
import { present } from '../../domain/result.js'
import { calendarOf } from '../../domain/time.js'
import { type AskedLine, openLineSession } from '../../headend/transports/line-session.js'
import { ownLine } from '../../headend/sessions/talk-right.js'
import { openModbusGateway } from '../../headend/sessions/modbus-gateway.js'
import { inspectModbus } from '../../protocols/modbus/inspect-modbus.js'
import { energyMapOf, findMeterModel } from '../../protocols/modbus/meter-models.js'
import { decodeRegisterBlock, readRequestOf } from '../../protocols/modbus/register-map.js'
import { compilePeer, crosscheckMap, pty, startSimulator, startSocat } from './modbus-peer.js'
import { requireTool, runTool, startTool } from './tools.js'

const folder = t.testdir()
const peer = await compilePeer(folder)
const mapFile = join(folder, 'map.yaml')
writeFileSync(mapFile, crosscheckMap)

await t.test('the head-end’s gateway reads a libmodbus server as a meter, and is refused by it', async (t) => {
  const model = findMeterModel('acrel-adl3000-e')
  if (model === null) throw new Error('the model does not ship')
  const map = energyMapOf(model, 'forward_active_energy')
  const words = ['18', '54919', '0', '1', '0', '2', '0', '3', '65535', '65535']
  const server = await startTool(peer, ['server', '10', ...words], (text) => /port \d+\n/.test(text))
  t.teardown(() => server.stop())
  const clock = createRealClock()
  const settings = { host: '127.0.0.1', port: Number(/\d+/.exec(server.text)?.[0]) }
  const gateway = openModbusGateway({ clock, network: createRealNetwork(), settings })
  t.equal(await gateway.ready(clock.now() + 5000), true)
  const outcome = await gateway.readRegisters(1, readRequestOf(map))
  if (outcome.kind !== 'registers') throw new Error(outcome.kind)
  t.same(decodeRegisterBlock(map, outcome.block), {
    ok: true,
    value: { totalE4: 123_456_700n, touE4: [100n, 200n, 300n, 429_496_729_500n] },
  })
  const seen = inspectModbus(Buffer.concat([outcome.request, outcome.response]), 'tcp')
  t.match(seen, {
    errors: [],
    adus: [
      { address: 10, count: 10 },
      { matches: true, count: 10 },
    ],
  })
  t.match(await gateway.readRegisters(1, { function: 4, start: 12, count: 2 }), { kind: 'registers' })
  t.same(await gateway.readRegisters(1, { function: 3, start: 19, count: 2 }), { kind: 'refused' })
  t.match(gateway.counters(), { requests: 3, replies: 3, refused: 1, damaged: 0, timeouts: 0 })
  gateway.close()
})

/** Acrel's ten registers from 10 on. */
const acrelWords = ['18', '54919', '0', '1', '0', '2', '0', '3', '65535', '65535']
const unit = 5

/** A libmodbus server on one end of a serial line, and the path of the other. */
async function serveRtu(t: { readonly teardown: (act: () => Promise<unknown>) => void }, name: string) {
  const [near, far] = [join(folder, `${name}-near`), join(folder, `${name}-far`)]
  const socat = await startSocat([pty(near), pty(far)], [near, far])
  const server = await startTool(peer, ['rtu-server', far, String(unit), '10', ...acrelWords], (text) =>
    text.includes('ready'),
  )
  t.teardown(async () => {
    await server.stop()
    await socat.stop()
  })
  return near
}

async function readAcrel(line: Pick<AskedLine, 'kind' | 'settings'>): Promise<void> {
  const clock = createRealClock()
  const calendar = present(calendarOf('Asia/Shanghai'), 'a calendar')
  const { reader } = openLineSession({
    clock,
    network: createRealNetwork(),
    serialPorts: createSerialPorts(),
    line: { lineId: 1n, code: 'line', timeZone: 'Asia/Shanghai', calendar, ...line } as AskedLine,
    newestMidnight: clock.now(),
    quirksOf: () => ({}),
    right: ownLine,
  })
  const due = { meterId: 1n, communicationAddress: String(unit), model: 'acrel-adl3000-e', readAt: clock.now() }
  const silent = { ...due, communicationAddress: '6' }
  t.equal(await reader.ready(clock.now() + 5000), true)
  for (const [each, outcome] of [
    [due, { kind: 'read', reading: { protocol: 'modbus_rtu', registers: { totalE4: 123_456_700n } } }],
    [silent, { kind: 'failed', cause: 'no_reply' }],
    [due, { kind: 'read' }],
  ] as const)
    t.match(await reader.read(each), outcome)
  t.match(reader.counters(), { requests: 3, replies: 2, timeouts: 1, damaged: 0, dropped: 0 })
  reader.close()
}

const busTiming = { baud: 9600, replyTimeoutMs: 500, requestGapMs: 0 }

await t.test('an RTU line of ours reads a libmodbus server through a serial port', async (t) => {
  const path = await serveRtu(t, 'serial')
  await readAcrel({ kind: 'modbus_rtu_serial', settings: { ...busTiming, path, parity: 'none', stopBits: 1 } })
})

await t.test('an RTU line of ours reads a libmodbus server behind a raw serial server', async (t) => {
  const path = await serveRtu(t, 'tcp')
  const port = 20_000 + (process.pid % 20_000)
  const gateway = await startTool(
    requireTool('socat', 'socat'),
    ['-d', '-d', `TCP-LISTEN:${port},bind=127.0.0.1`, `${path},raw,echo=0`],
    (text) => text.includes('listening on'),
  )
  t.teardown(() => gateway.stop())
  await readAcrel({ kind: 'modbus_rtu_tcp', settings: { ...busTiming, host: '127.0.0.1', port } })
})

const exchanges = `f03 ok 0001 0002 0003
f04 ok beef 0007
f06 ok
f16 ok
f22 ok
f03 ok 0017 1234 abcd
f23 ok 0017 abcd abcd
f05 ok
f15 ok
f01 1011000010
f02 101
beyond Illegal data address
constant Illegal data address
`

await t.test('a libmodbus client has all ten functions of ours over Modbus TCP', async (t) => {
  const simulator = await startSimulator(mapFile)
  t.teardown(() => simulator.stop())
  const { code, text } = await runTool(peer, ['tcp', String(simulator.listening[0]?.port), '7'])
  t.equal(code, 0)
  t.equal(text, exchanges)
  t.equal(await simulator.stop(), 0)
})

await t.test('a libmodbus client has all ten functions of ours over a serial line', async (t) => {
  const [near, far] = [join(folder, 'near'), join(folder, 'far')]
  const socat = await startSocat([pty(near), pty(far)], [near, far])
  t.teardown(() => socat.stop())
  const simulator = await startSimulator(mapFile, ['--serial', near])
  const { code, text } = await runTool(peer, ['rtu', far, '7'])
  t.equal(code, 0)
  t.equal(text, exchanges)
  t.equal(await simulator.stop(), 0)
})
