import { invariant } from '../domain/result.js'
import type { Instant } from '../domain/time.js'
import { encodeMessage, parseMessage } from '../protocols/dlt645/message.js'
import { refusalByte } from '../protocols/dlt645/refusal.js'
import { openFrame } from '../protocols/dlt645/frame.js'
import { frameStart } from '../protocols/stream-splitter.js'
import type { Dlt645Meter } from './meter/dlt645-meter.js'

/** A meter whose own address is another than the one it is called by: it answers the call, under its own name. */
export function answeringAs(meter: Dlt645Meter, address: string): Dlt645Meter {
  return {
    address: meter.address,
    answer(frame, now) {
      const reply = meter.answer(frame, now)
      return reply === null ? null : underAddress(reply, address)
    },
  }
}

/** A meter that understands every read and refuses it without saying why. */
export function refusingReads(meter: Dlt645Meter): Dlt645Meter {
  return {
    address: meter.address,
    answer(frame, now: Instant) {
      const message = parseMessage(frame, '2007')
      if (message?.function !== 'read' || message.direction !== 'request') return meter.answer(frame, now)
      if (message.address !== meter.address()) return null
      return encodeMessage({
        edition: '2007',
        address: meter.address(),
        direction: 'reply',
        function: 'read',
        outcome: 'refused',
        dataIdentifier: null,
        payload: refusalByte(['other']),
      })
    },
  }
}

function underAddress(reply: Buffer, address: string): Buffer {
  const frame = openFrame(reply.subarray(reply.indexOf(frameStart)))
  const message = parseMessage(frame, '2007')
  invariant(message !== null, 'a simulated meter answers with messages')
  return encodeMessage({ ...message, address })
}
