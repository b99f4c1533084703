import type { Socket } from 'node:net'
import type { Clock, Endpoint, Network } from '../domain/runtime.js'
import { err, ok, type Result } from '../domain/result.js'
import type { Instant } from '../domain/time.js'
import { energyMapOf } from '../protocols/modbus/meter-models.js'
import { encodeRegisterBlock, type MeterModel, readRequestOf } from '../protocols/modbus/register-map.js'
import {
  encodeException,
  encodeReadReply,
  encodeTcpAdu,
  type ExceptionName,
  parseReadRequest,
  type ReadRegistersRequest,
  takeTcpAdu,
} from '../protocols/modbus/tcp-adu.js'
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
  return network.listen(endpoint, (socket) =>
    serve(socket, (unitId, pdu) => answerPdu(meters.get(unitId), pdu, clock.now())),
  )
}

function serve(socket: Socket, answer: (unitId: number, pdu: Buffer) => Buffer): void {
  let pending = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    let taken = takeTcpAdu(pending)
    while (taken.ok && taken.value !== null) {
      const { adu, rest } = taken.value
      socket.write(encodeTcpAdu({ ...adu, pdu: answer(adu.unitId, adu.pdu) }))
      pending = Buffer.from(rest)
      taken = takeTcpAdu(pending)
    }
    if (!taken.ok) socket.destroy()
  })
}

/** Reply or exception of one meter; without a meter the gateway answers for it. */
function answerPdu(meter: ModbusMeter | undefined, pdu: Buffer, now: Instant): Buffer {
  const functionCode = pdu.readUInt8(0)
  if (meter === undefined) return encodeException(functionCode, 'gateway_target_silent')
  const request = parseReadRequest(pdu)
  if (!request.ok) return encodeException(functionCode, request.error.kind)
  const registers = readRegisters(meter, request.value, now)
  if (!registers.ok) return encodeException(functionCode, registers.error.kind)
  return encodeReadReply(request.value.function, registers.value)
}

/** The simulated meter knows the forward active registers of its map and nothing else. */
function readRegisters(
  { model, source }: ModbusMeter,
  request: ReadRegistersRequest,
  now: Instant,
): Result<Buffer, { readonly kind: ExceptionName }> {
  const map = energyMapOf(model, 'forward_active_energy')
  const { function: readFunction, start, count } = readRequestOf(map)
  const offset = request.start - start
  const isKnown = request.function === readFunction && offset >= 0 && offset + request.count <= count
  if (!isKnown) return err({ kind: 'illegal_data_address' })
  const block = encodeRegisterBlock(map, source.registersAt(now))
  return ok(block.subarray(2 * offset, 2 * (offset + request.count)))
}
