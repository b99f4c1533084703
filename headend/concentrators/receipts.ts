import { type EncodedEnvelope, encodeEnvelope } from '../../protocols/concentrator/encode-envelope.js'
import { emptyContent } from '../../protocols/concentrator/envelope-content.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { encodeReceipt } from '../../protocols/concentrator/messages.js'
import { downTopicOf, type Uplink } from './uplink.js'

/** The application's word that a batch is stored; null where the envelope cannot say it. */
export type WriteReceipt = (batch: string) => EncodedEnvelope | null

/** Writes the receipts of one device. Our own envelope has a writer of its own, which says the same in a fraction of the time. */
export function receiptsFor(uplink: Uplink): WriteReceipt {
  const { profile, device: concentrator } = uplink
  const topic = downTopicOf(uplink, 'receipt')
  if (topic === null) return () => null
  if (profile === ownEnvelope)
    return (batch) => ({ topic, payload: encodeReceipt({ concentrator, batch: Number(batch) }) })
  return (batch) => {
    const message = encodeEnvelope(profile, 'receipt', { ...emptyContent, concentrator, messageId: batch })
    return message === null ? null : { topic, payload: message.payload }
  }
}
