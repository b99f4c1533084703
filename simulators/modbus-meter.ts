import type { Clock, Endpoint, Network } from '../domain/runtime.js'
import { energyMapOf } from '../protocols/modbus/meter-models.js'
import type { MeterModel } from '../protocols/modbus/meter-model.js'
import { encodeRegisterBlock, readRequestOf } from '../protocols/modbus/register-map.js'
import type { ModbusDevice } from './modbus/answer-pdu.js'
import { createRegisterBank } from './modbus/register-bank.js'
import { serveTcp } from './modbus/serve-stream.js'
import type { RegisterSource } from './meter/register-source.js'

export interface ModbusMeter {
  readonly model: MeterModel
  readonly source: RegisterSource
}

export interface ModbusServer {
  readonly endpoint: Endpoint
  readonly close: () => Promise<void>
}

export interface ModbusServerSettings {
  readonly endpoint: Endpoint
  readonly meters: ReadonlyMap<number, ModbusMeter>
}

/** A Modbus TCP gateway whose meters, by unit id, answer at once. */
export async function startModbusServer(
  { endpoint, meters }: ModbusServerSettings,
  { clock, network }: { readonly clock: Clock; readonly network: Network },
): Promise<ModbusServer> {
  const devices = new Map([...meters].map(([unit, meter]) => [unit, meterDevice(meter)]))
  return network.listen(endpoint, (socket) => serveTcp(socket, devices, clock))
}

/** The simulated meter knows the forward active registers of its map, lets them be read and knows nothing else. */
function meterDevice({ model, source }: ModbusMeter): ModbusDevice {
  const map = energyMapOf(model, 'forward_active_energy')
  const { function: code, start: address, count } = readRequestOf(map)
  const live = {
    table: code === 3 ? 'holding' : 'input',
    address,
    count,
    bytesAt: (now: number) => encodeRegisterBlock(map, source.registersAt(now)),
  } as const
  return { bank: createRegisterBank([], [live]), functions: new Set([3, 4]) }
}
