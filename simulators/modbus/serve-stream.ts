import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../domain/runtime.js'
import { encodeException, exceptionBit } from '../../protocols/modbus/exception.js'
import { encodeRtuAdu, type RtuAdu } from '../../protocols/modbus/rtu-adu.js'
import { createRtuSplitter } from '../../protocols/modbus/rtu-splitter.js'
import { encodeTcpAdu, takeTcpAdu } from '../../protocols/modbus/tcp-adu.js'
import { answerPdu, type ModbusDevice } from './answer-pdu.js'

export type DevicesByUnit = ReadonlyMap<number, ModbusDevice>

/** Everybody on a serial line hears it and nobody answers. */
const broadcastUnit = 0
/** Longer than the 3.5 characters of the specification at any rate, so that a pause inside a network does not cut a message. */
const lineSilenceMs = 50

/** Answers Modbus TCP on an open stream. A unit that is not there is refused as a gateway does; another protocol is cut off. */
export function serveTcp(stream: Duplex, devices: DevicesByUnit, clock: Clock): void {
  let pending: Buffer = Buffer.alloc(0)
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    let taken = takeTcpAdu(pending)
    while (taken.ok && taken.value !== null) {
      const { adu, rest } = taken.value
      const device = devices.get(adu.unitId)
      const pdu =
        device === undefined
          ? encodeException(adu.pdu.readUInt8(0) & ~exceptionBit, 'gateway_target_silent')
          : answerPdu(device, adu.pdu, clock.now())
      say(stream, encodeTcpAdu({ ...adu, pdu }))
      pending = rest
      taken = takeTcpAdu(pending)
    }
    if (!taken.ok) stream.destroy()
  })
}

/** Answers Modbus RTU on an open stream, a serial port or a socket. A unit that is not there stays silent. */
export function serveRtu(stream: Duplex, devices: DevicesByUnit, clock: Clock): void {
  const splitter = createRtuSplitter('request')
  let silence: Timer | null = null

  function answer({ unitId, pdu }: RtuAdu): void {
    if (unitId === broadcastUnit) {
      for (const device of devices.values()) answerPdu(device, pdu, clock.now())
      return
    }
    const device = devices.get(unitId)
    if (device !== undefined) say(stream, encodeRtuAdu({ unitId, pdu: answerPdu(device, pdu, clock.now()) }))
  }

  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    silence?.cancel()
    for (const adu of splitter.push(chunk)) answer(adu)
    silence = clock.setTimer(lineSilenceMs, () => {
      for (const adu of splitter.timeout()) answer(adu)
    })
  })
  stream.once('close', () => silence?.cancel())
}

/** A master that asks without listening is not heard any further until it does. */
function say(stream: Duplex, reply: Buffer): void {
  if (stream.write(reply)) return
  stream.pause()
  stream.once('drain', () => stream.resume())
}
