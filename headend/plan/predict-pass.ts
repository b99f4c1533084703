import { unreachable } from '../../domain/result.js'
import { secondMs } from '../../domain/time.js'
import type { Line } from '../line-settings.js'

/** Start, eight data bits, even parity and stop. */
const bitsPerByte = 11
/** A freeze is its stamp and its registers: two requests of 16 bytes, replies of 21 and 36, each side behind its wake-up bytes. */
const requestBytes = 2 * 16
const replyBytes = 21 + 36
const exchanges = 2
/** What a meter takes before it answers, as a rule. */
const usualTurnaroundMs = 60
/** A Modbus gateway answers one read in about this time. */
const gatewayReadMs = 200

/**
 * Airtime of so many due points on a line when every meter answers at once, in milliseconds. What silent meters cost comes on top.
 */
export function predictPassMs(line: Line, points: number): number {
  switch (line.kind) {
    case 'mqtt_concentrator':
      return 0
    case 'modbus_tcp':
    case 'modbus_rtu_tcp':
    case 'modbus_rtu_serial':
      return points * gatewayReadMs
    case 'dlt645_tcp':
    case 'dlt645_serial':
      return points * freezeMs(line.settings)
    default:
      return unreachable(line)
  }
}

function freezeMs({
  baud,
  wakeUpBytes,
  requestGapMs,
}: {
  readonly baud: number
  readonly wakeUpBytes: number
  readonly requestGapMs: number
}): number {
  const bytes = requestBytes + replyBytes + exchanges * wakeUpBytes
  return Math.ceil((bytes * bitsPerByte * secondMs) / baud) + exchanges * (usualTurnaroundMs + requestGapMs)
}
