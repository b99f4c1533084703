import t from 'tap'
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
