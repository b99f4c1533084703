import { broadcastAddress } from './address.js'
import { invariant } from '../../domain/result.js'
import { credentials } from './credentials.js'
import { writeFields } from './field.js'
import { encodeMessage, isReading, type Message } from './message.js'
import { digits, hex } from './text-fields.js'
import { secondStamp } from './time-fields.js'

/**
 * What a master says to change a meter. In the product only `headend/orders/guard.ts` may import this file
 * (test/architecture/write-frames.test.ts); simulators and offline tools build messages of their own.
 */

/** What a meter asks of whoever writes. */
export interface WriteAuthority {
  /** PA, two digits; the lower, the more rights. */
  readonly level: string
  /** Six digits. */
  readonly password: string
  /** Eight digits, kept by the meter in its records. */
  readonly operator: string
}

export interface WriteRequest extends Message {
  readonly direction: 'request'
}

/** 14H: an item's value, in wire order. */
export function writeItemRequest(
  address: string,
  authority: WriteAuthority,
  dataIdentifier: string,
  value: Buffer,
): WriteRequest {
  return request(address, 'write', Buffer.concat([authorityBytes(authority), value]), dataIdentifier)
}

/** 08H: the local time `2026-07-01T12:30:05` to everybody on the line. Nobody answers. */
export function broadcastTimeRequest(time: string): WriteRequest {
  return request(broadcastAddress, 'broadcast_time', fieldBytes(secondStamp.write(time)))
}

/** 16H: freeze all registers now. */
export function freezeNowRequest(address: string): WriteRequest {
  return request(address, 'freeze', fieldBytes(digits(4).write('99999999')))
}

/** 1BH: forget events; `FFFFFFFF` stands for all, `xxxxxxFF` for one kind. */
export function clearEventsRequest(address: string, authority: WriteAuthority, events: string): WriteRequest {
  return request(address, 'clear_events', Buffer.concat([authorityBytes(authority), fieldBytes(hex(4).write(events))]))
}

/** Command 1BH of function 1CH: the customer may press the button. Void after `validUntil` by the meter's own clock. */
export function permitCloseRequest(address: string, authority: WriteAuthority, validUntil: string): WriteRequest {
  const command = Buffer.from([permitClose, 0])
  const payload = Buffer.concat([authorityBytes(authority), command, fieldBytes(secondStamp.write(validUntil))])
  return request(address, 'control_relay', payload)
}

const permitClose = 0x1b

/** Bytes of a request that changes a meter, after `wakeUpBytes` bytes FEH. */
export function encodeWriteRequest(message: WriteRequest, options: { readonly wakeUpBytes: number }): Buffer {
  invariant(!isReading(message.function), 'a question is no write')
  return encodeMessage(message, options)
}

function request(
  address: string,
  name: Message['function'],
  payload: Buffer,
  dataIdentifier: string | null = null,
): WriteRequest {
  return { edition: '2007', address, direction: 'request', function: name, outcome: 'good', dataIdentifier, payload }
}

function authorityBytes({ level, password, operator }: WriteAuthority): Buffer {
  return fieldBytes(writeFields(credentials, [level, password, operator]))
}

function fieldBytes(bytes: Buffer | null): Buffer {
  invariant(bytes !== null, 'a value that was checked fits its field')
  return bytes
}
