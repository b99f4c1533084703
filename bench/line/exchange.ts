import { encodeItem } from '../../protocols/dlt645/data-items.js'
import { type ReadMessage, readRequest } from '../../protocols/dlt645/message.js'
import { encodeDataReply } from '../../protocols/dlt645/messages-2007.js'

/** The line that is measured: what both processes know of it. */
export const baud = 2400
export const bitsPerByte = 11
export const turnaroundMs = 20
/** FE bytes before requests and before replies. */
export const wakeUpBytes = 4
/** Every line has as many meters, asked in turn. */
export const metersPerLine = 8

const dataIdentifier = '00010000'

export function addressOf(meter: number): string {
  return String(202_600_000_000 + meter)
}

/** The total register of a meter, as a poll of a live line asks for it. */
export function requestTo(meter: number): ReadMessage {
  return readRequest('2007', addressOf(meter), dataIdentifier)
}

export function replyOf(meter: number): Buffer {
  const value = encodeItem('forward_active_total', {
    totalE4: BigInt(meter) * 123_400n,
    touE4: [null, null, null, null],
  })
  return encodeDataReply(addressOf(meter), dataIdentifier, value, { wakeUpBytes })
}

/** Time on the wire, in milliseconds and parts of them. */
export function airtimeMs(bytes: number): number {
  return (bytes * bitsPerByte * 1000) / baud
}
