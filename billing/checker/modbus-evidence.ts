import { bytes, child, type Cursor, isAbsent, items, text, whole } from './cursor.js'
import { Fault, requireSame } from './fault.js'
import type { Registers } from './registers.js'

const headerBytes = 7
const crcBytes = 2

/** How a message is framed on its way. */
export type ModbusFraming = 'tcp' | 'rtu'

/** Decodes the registers of a Modbus reply by the meter model's register map, and compares the reply with its request. */
export function decodeRegisterRead(frame: Cursor, unitId: string, map: Cursor, framing: ModbusFraming): Registers {
  const decode = framing === 'tcp' ? decodeTcpAdu : decodeRtuAdu
  const request = decode(child(frame, 'request'))
  const reply = decode(child(frame, 'response'))
  requireSame(`${reply.path}.transaction`, String(request.transaction), String(reply.transaction))
  for (const adu of [request, reply]) {
    requireSame(`${adu.path}.unit`, unitId, String(adu.unit))
    requireSame(`${adu.path}.function`, String(whole(child(map, 'function'))), String(adu.pdu[0]))
  }
  if (request.pdu.length !== 5) throw new Fault(request.path, 'a read of registers', request.pdu.toString('hex'))
  const first = request.pdu.readUInt16BE(1)
  const count = request.pdu.readUInt16BE(3)
  const block = reply.pdu.subarray(2)
  if (block.length !== 2 * count || reply.pdu[1] !== block.length)
    throw new Fault(reply.path, `${count} registers`, `${block.length} bytes`)
  const addresses = [child(map, 'total'), ...items(child(map, 'tou'))]
  return addresses.map((address) =>
    isAbsent(address) ? null : readCounter(map, block, whole(address) - first, address),
  )
}

interface Adu {
  readonly path: string
  readonly transaction: number
  readonly unit: number
  readonly pdu: Buffer
}

function decodeTcpAdu(cursor: Cursor): Adu {
  const adu = bytes(cursor)
  if (adu.length < headerBytes + 2 || adu.readUInt16BE(2) !== 0 || adu.readUInt16BE(4) !== adu.length - headerBytes + 1)
    throw new Fault(cursor.path, 'one Modbus TCP message', adu.toString('hex'))
  return {
    path: cursor.path,
    transaction: adu.readUInt16BE(0),
    unit: adu.readUInt8(6),
    pdu: adu.subarray(headerBytes),
  }
}

/** Unit, message and CRC-16, low byte first; on a line there are no transactions to compare. */
function decodeRtuAdu(cursor: Cursor): Adu {
  const adu = bytes(cursor)
  if (adu.length < crcBytes + 3 || crc16(adu.subarray(0, -crcBytes)) !== adu.readUInt16LE(adu.length - crcBytes))
    throw new Fault(cursor.path, 'one Modbus RTU message with its CRC', adu.toString('hex'))
  return { path: cursor.path, transaction: 0, unit: adu.readUInt8(0), pdu: adu.subarray(1, -crcBytes) }
}

function crc16(message: Buffer): number {
  let crc = 0xffff
  for (const byte of message) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

function readCounter(map: Cursor, block: Buffer, offset: number, address: Cursor) {
  const words = text(child(map, 'type')) === 'uint64' ? 4 : 2
  const field = block.subarray(2 * offset, 2 * (offset + words))
  if (offset < 0 || field.length !== 2 * words)
    throw new Fault(address.path, 'a register inside the reply', String(offset))
  const order = Array.from({ length: words }, (_, index) => field.readUInt16BE(2 * index))
  const high = text(child(map, 'wordOrder')) === 'high_first' ? order : order.toReversed()
  const counts = high.reduce((value, word) => value * 65_536n + BigInt(word), 0n)
  return { numerator: counts * BigInt(whole(child(map, 'countE4'))), denominator: 10_000n }
}
