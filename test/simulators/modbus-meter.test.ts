import modbusSerial from 'modbus-serial'
import t from 'tap'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { energyMapOf, findMeterModel } from '../../protocols/modbus/meter-models.js'
import { decodeRegisterBlock } from '../../protocols/modbus/register-map.js'
import { startModbusServer } from '../../simulators/modbus-meter.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'

const model = findMeterModel('acrel-adl3000-e')
if (model === null) throw new Error('the model does not ship')
const registers = { totalE4: 123_456_700n, touE4: [100n, 20_000n, 3_000_000n, 120_436_600n] } as const

await t.test('an independent client reads exact registers, at once, and is told what does not exist', async (t) => {
  const clock = createVirtualClock(0)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const meters = new Map([[5, { model, source: { registersAt: () => registers } }]])
  const server = await startModbusServer({ endpoint: { host: '127.0.0.1', port: 0 }, meters }, { clock, network })
  const socket = await network.connect(server.endpoint)
  const client = new modbusSerial.default()
  await client.linkTCP(socket, { port: server.endpoint.port })
  client.setTimeout(30_000)

  client.setID(5)
  const { buffer } = await client.readHoldingRegisters(10, 10)
  t.strictSame(decodeRegisterBlock(energyMapOf(model, 'forward_active_energy'), buffer), { ok: true, value: registers })
  t.strictSame((await client.readHoldingRegisters(12, 2)).data, [0, 1])
  await t.rejects(client.readHoldingRegisters(8, 4), /Modbus exception 2/)
  await t.rejects(client.readInputRegisters(10, 10), /Modbus exception 2/)
  await t.rejects(client.writeRegister(10, 1), /Modbus exception 1:/)
  client.setID(6)
  await t.rejects(client.readHoldingRegisters(10, 10), /Modbus exception 11/)
  t.equal(clock.now(), 0)
  socket.destroy()
  await server.close()
})

await t.test('a client that speaks something else is cut off', async (t) => {
  const clock = createVirtualClock(0)
  const network = createVirtualNetwork(clock, createRealNetwork())
  const settings = { endpoint: { host: '127.0.0.1', port: 0 }, meters: new Map() }
  const server = await startModbusServer(settings, { clock, network })
  const socket = await network.connect(server.endpoint)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.resume()
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\n\r\n')
  await closed
  t.ok(socket.closed)
  await server.close()
})
