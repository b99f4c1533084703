import { invariant } from '../../../domain/result.js'
import { decodeGdw1376, encodeGdw1376 } from '../../../protocols/gdw1376/frame.js'
import { gdw1376Framing } from '../../../protocols/gdw1376/framing.js'
import { messageOf } from '../../../protocols/gdw1376/messages.js'
import { decodeTimeLabel } from '../../../protocols/gdw1376/time-label.js'
import { createStreamSplitter } from '../../../protocols/stream-splitter.js'

const framings = [gdw1376Framing]

export function checkGdw1376Frames(input: Buffer): void {
  const splitter = createStreamSplitter(framings)
  for (const { bytes } of [...splitter.push(input), ...splitter.timeout()]) {
    const frame = decodeGdw1376(bytes)
    if (!frame.ok) {
      invariant(frame.error.kind === 'auxiliary_field_missing', `found but not read: ${frame.error.kind}`)
      continue
    }
    invariant(encodeGdw1376(frame.value).equals(bytes), 'a frame that was read is written alike')
    const { timeLabel } = frame.value.auxiliary
    if (timeLabel !== null) decodeTimeLabel(timeLabel)
    const message = messageOf(frame.value)
    if ('inner' in message && Buffer.isBuffer(message.inner))
      invariant(message.inner.length < bytes.length, 'what is carried is shorter than what carries it')
  }
}
