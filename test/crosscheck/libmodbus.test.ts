import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { openModbusGateway } from '../../headend/sessions/modbus-gateway.js'
import { inspectModbus } from '../../protocols/modbus/inspect-modbus.js'
import { energyMapOf, findMeterModel } from '../../protocols/modbus/meter-models.js'
import { decodeRegisterBlock, readRequestOf } from '../../protocols/modbus/register-map.js'
import { compilePeer, crosscheckMap, pty, startSimulator, startSocat } from './modbus-peer.js'
import { runTool, startTool } from './tools.js'

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
