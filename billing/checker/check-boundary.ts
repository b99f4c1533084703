import { child, type Cursor, instant, isAbsent, text } from './cursor.js'
import { Fault, requireSame } from './fault.js'
import { decodeFreeze, decodeLiveRead, registersOf } from './dlt645-evidence.js'
import { decodeRegisterRead } from './modbus-evidence.js'
import { decodeSettlement } from './settlement-evidence.js'
import { decodeValues } from './value-evidence.js'
import { readRegisters, type Registers, requireSameRegisters } from './registers.js'
import type { Counted } from './counted.js'

/** How far a freeze stamp may lie from the midnight it is filed under. */
const stampToleranceMs = 5 * 60_000

interface Read {
  readonly meter: Cursor
  readonly counted: Counted
}

/**
 * The registers at one end of a metering segment. Those of a frame are decoded from its bytes again; those a person noted stand in a named
 * document; an estimate has neither and must be declared on the bill.
 */
export function checkBoundary(boundary: Cursor, read: Read, billEstimated: boolean): Registers {
  const decided = child(boundary, 'registers')
  const registers = readRegisters(decided)
  const frame = child(boundary, 'frame')
  const verdict = text(child(boundary, 'verdict'))
  if (!isAbsent(frame)) requireSameRegisters(decided.path, decodeEvidence(frame, boundary, read), registers)
  else if (verdict === 'estimated') requireSame('bill.estimated', 'true', String(billEstimated))
  else if (isAbsent(child(boundary, 'document'))) throw new Fault(boundary.path, 'a frame or a document', 'neither')
  return registers
}

function decodeEvidence(frame: Cursor, boundary: Cursor, { meter, counted }: Read): Registers {
  const at = instant(child(boundary, 'at'))
  const address = text(child(meter, 'address'))
  if (text(child(boundary, 'verdict')) === 'settled')
    return decodeSettled(frame, address, counted, child(boundary, 'at'))
  const protocol = child(frame, 'protocol')
  switch (text(protocol)) {
    case 'dlt645_2007': {
      const freeze = decodeFreeze(frame, address, counted)
      const stampText = new Date(freeze.stampMs).toISOString()
      if (Math.abs(freeze.stampMs - at) > stampToleranceMs)
        throw new Fault(child(boundary, 'at').path, stampText, text(child(boundary, 'at')))
      return freeze.registers
    }
    case 'mqtt_values': {
      const values = decodeValues(frame, address, counted)
      requireSame(child(boundary, 'at').path, text(values.at), text(child(boundary, 'at')))
      return values.registers
    }
    case 'dlt645_1997':
      requireReceivedAt(frame, boundary)
      return decodeLiveRead(frame, address, counted)
    case 'modbus_tcp':
      requireReceivedAt(frame, boundary)
      return decodeRegisterRead(frame, address, child(meter, 'registerMap'), 'tcp')
    case 'modbus_rtu':
      requireReceivedAt(frame, boundary)
      return decodeRegisterRead(frame, address, child(meter, 'registerMap'), 'rtu')
    default:
      throw new Fault(protocol.path, 'a protocol the checker knows', text(protocol))
  }
}

/** Registers as the last settlement left them. */
function decodeSettled(frame: Cursor, address: string, counted: Counted, at: Cursor): Registers {
  const [of2007, of1997] = counted.settled.map((item) => [item ?? '??'])
  const [payload = Buffer.alloc(0)] = decodeSettlement(
    frame,
    address,
    { of2007: of2007 ?? [], of1997: of1997 ?? [] },
    at,
  )
  return registersOf(payload, child(frame, 'response').path, counted)
}

/** Registers read as they stand belong to the moment at which the reply came. */
function requireReceivedAt(frame: Cursor, boundary: Cursor): void {
  const at = child(boundary, 'at')
  requireSame(at.path, text(child(frame, 'receivedAt')), text(at))
}
