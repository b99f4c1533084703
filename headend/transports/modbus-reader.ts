import type { MeterQuirks } from '../../domain/meter-quirks.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import {
  decodeRegisterBlock,
  type EnergyMap,
  energyMapFrom,
  readRequestOf,
  sideOf,
} from '../../protocols/modbus/register-map.js'
import type { LineReader, OpenRead, ReadOutcome } from '../acquisition/line-reader.js'
import type { ModbusGateway } from '../sessions/modbus-gateway.js'

export interface ModbusReaderOptions {
  readonly gateway: ModbusGateway
  /** How the reply is framed, which is what a proof needs to take it apart. */
  readonly protocol: 'modbus_tcp' | 'modbus_rtu'
  readonly quirksOf: (model: string) => MeterQuirks
}

/** Reads the registers of Modbus meters as they stand: such meters keep no freezes. */
export function createModbusReader({ gateway, protocol, quirksOf }: ModbusReaderOptions): LineReader {
  return {
    ready: (deadline) => gateway.ready(deadline),
    read: (due) => readLive(gateway.withQuirks(quirksOf(due.model)), protocol, due),
    counters: () => gateway.counters(),
    close: () => gateway.close(),
  }
}

/** The moment of the reading is the moment of its receipt; that it serves the midnight is the window's doing. */
async function readLive(
  gateway: ModbusGateway,
  protocol: ModbusReaderOptions['protocol'],
  due: OpenRead,
): Promise<ReadOutcome> {
  const map = billedRegistersOf(due.model)
  if (map === null) return { kind: 'failed', cause: 'no_register_map' }
  const outcome = await gateway.readRegisters(Number(due.communicationAddress), readRequestOf(map))
  if (outcome.kind !== 'registers') return { kind: 'failed', cause: outcome.kind }
  const { block, request, response, receivedAt } = outcome
  const registers = decodeRegisterBlock(map, block)
  if (!registers.ok) return { kind: 'failed', cause: 'invalid_value' }
  return {
    kind: 'read',
    reading: {
      meterId: due.meterId,
      quantity: 'forward_active_energy',
      readAt: receivedAt,
      registers: registers.value,
      source: 'live',
      protocol,
      request,
      response,
      receivedAt,
    },
  }
}

/** Null for a model that is not known, is not counted exactly, or counts behind the ratio that determinants apply. */
function billedRegistersOf(name: string): EnergyMap | null {
  const model = findMeterModel(name)
  if (model === null || sideOf(model, 'forward_active_energy') !== 'secondary') return null
  return energyMapFrom(model, 'forward_active_energy')
}
