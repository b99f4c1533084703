import t from 'tap'
import { decodeRegisterRead } from '../../../billing/checker/modbus-evidence.js'
import { present } from '../../../domain/result.js'
import { openModbusRtuLine } from '../../../headend/sessions/modbus-rtu-line.js'
import { energyMapFrom, encodeRegisterBlock } from '../../../protocols/modbus/register-map.js'
import { encodeReadReply } from '../../../protocols/modbus/reply-pdu.js'
import { encodeRtuAdu } from '../../../protocols/modbus/rtu-adu.js'
import { createRtuSplitter } from '../../../protocols/modbus/rtu-splitter.js'
import { createModbusReader } from '../../../headend/transports/modbus-reader.js'
import { openModbusGateway } from '../../../headend/sessions/modbus-gateway.js'
import { noQuirks } from '../../../domain/meter-quirks.js'
import { findMeterModel } from '../../../protocols/modbus/meter-models.js'
import { startModbusServer } from '../../../simulators/modbus-meter.js'
import { createWorld, firstMidnight, local } from '../../support/field-world.js'

const registers = { totalE4: 123_456_700n, touE4: [null, null, null, null] } as const

const cases: readonly (readonly [model: string, outcome: object])[] = [
  ['abb-b23', { kind: 'read', reading: { registers, protocol: 'modbus_tcp' } }],
  ['schneider-iem3155', { kind: 'read', reading: { registers } }],
  // A float32 and a signed counter are no evidence for a bill.
  ['eastron-sdm630', { kind: 'failed', cause: 'no_register_map' }],
  ['carlo-gavazzi-em24-av2', { kind: 'failed', cause: 'no_register_map' }],
  ['no such model', { kind: 'failed', cause: 'no_register_map' }],
]

for (const [name, outcome] of cases) {
  await t.test(`a meter of model ${name} gives ${JSON.stringify(Object.values(outcome)[0])}`, async (t) => {
    const { clock, network } = createWorld()
    const model = findMeterModel(name)
    const isServed = model !== null && Object.values(outcome)[0] === 'read'
    const meters = new Map(isServed ? [[5, { model, source: { registersAt: () => registers } }]] : [])
    const server = await startModbusServer({ endpoint: local, meters }, { clock, network })
    const reader = createModbusReader({
      gateway: openModbusGateway({ clock, network, settings: server.endpoint }),
      protocol: 'modbus_tcp',
      quirksOf: () => noQuirks,
    })
    t.teardown(async () => {
      reader.close()
      await server.close()
      clock.close()
    })
    t.equal(await reader.ready(clock.now() + 60_000), true)
    const due = { meterId: 1n, readAt: firstMidnight, communicationAddress: '5', model: name }
    t.match(await reader.read(due), outcome)
  })
}

await t.test('a reading over RTU carries the frames that prove it', async (t) => {
  const { clock, network } = createWorld()
  const map = present(energyMapFrom(present(findMeterModel('abb-b23'), 'a model'), 'forward_active_energy'), 'a map')
  const listener = await network.listen(local, (socket) => {
    const splitter = createRtuSplitter('request')
    socket.on('data', (chunk: Buffer) => {
      for (const { unitId } of splitter.push(chunk)) {
        const pdu = encodeReadReply(map.function, encodeRegisterBlock(map, registers))
        socket.write(encodeRtuAdu({ unitId, pdu }))
      }
    })
  })
  const settings = { baud: 9600, replyTimeoutMs: 500, requestGapMs: 0 }
  const gateway = openModbusRtuLine({ clock, connect: () => network.connect(listener.endpoint), settings })
  const reader = createModbusReader({ gateway, protocol: 'modbus_rtu', quirksOf: () => noQuirks })
  t.teardown(async () => {
    reader.close()
    await listener.close()
    clock.close()
  })
  await reader.ready(clock.now() + 60_000)
  const outcome = await reader.read({ meterId: 1n, readAt: firstMidnight, communicationAddress: '5', model: 'abb-b23' })
  t.match(outcome, { kind: 'read', reading: { registers, protocol: 'modbus_rtu' } })
  if (outcome.kind !== 'read') return
  const { request, response } = outcome.reading
  const frame = { request: request?.toString('hex'), response: response.toString('hex') }
  const proofMap = { value: map, path: 'map' }
  const [total] = decodeRegisterRead({ value: frame, path: 'frame' }, '5', proofMap, 'rtu')
  t.same(total, { numerator: 123_456_700n, denominator: 10_000n })
  const flipped = { ...frame, response: frame.response.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }
  t.throws(() => decodeRegisterRead({ value: flipped, path: 'frame' }, '5', proofMap, 'rtu'))
})
