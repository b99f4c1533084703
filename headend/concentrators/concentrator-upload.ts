import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { EnvelopeError, EnvelopeReading } from '../../protocols/concentrator/envelope-content.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { parseUpload } from '../../protocols/concentrator/messages.js'
import { decodeUplink, type Uplink } from './uplink.js'

/** What one upload brings, whatever its envelope looks like. */
export interface ConcentratorUpload {
  /** What a receipt names: the payload's own key. Null where the envelope has none. */
  readonly batch: string | null
  readonly frames: readonly Buffer[]
  /** When the concentrator got a frame, by its own word; absent where the envelope tells no times. */
  readonly times?: ReadonlyMap<Buffer, Instant>
  /** Values that the concentrator decoded itself. */
  readonly values: readonly EnvelopeReading[]
}

export type UploadRefused = { readonly kind: EnvelopeError['kind'] }

/** Our own envelope has a reader of its own, which says the same in a fraction of the time. */
export function readConcentratorUpload(
  uplink: Uplink,
  topic: string,
  payload: Buffer,
): Result<ConcentratorUpload, UploadRefused> {
  return uplink.profile === ownEnvelope ? readOwnUpload(uplink.device, payload) : readByProfile(uplink, topic, payload)
}

/** An upload under our own envelope, of the concentrator that calls itself so. */
export function readOwnUpload(device: string, payload: Buffer): Result<ConcentratorUpload, UploadRefused> {
  const parsed = parseUpload(payload, device)
  if (!parsed.ok) return err({ kind: parsed.error.kind })
  const { batch, items } = parsed.value
  return ok({ batch: String(batch), frames: items.map(({ frame }) => frame), values: [] })
}

function readByProfile(uplink: Uplink, topic: string, payload: Buffer): Result<ConcentratorUpload, UploadRefused> {
  const decoded = decodeUplink(uplink, 'up', topic, payload)
  if (!decoded.ok) return err({ kind: decoded.error.kind })
  const { messageId, frames, readings } = decoded.value
  const times = new Map(frames.flatMap(({ bytes, time }) => (time === null ? [] : [[bytes, time] as const])))
  return ok({ batch: messageId, frames: frames.map(({ bytes }) => bytes), times, values: readings })
}
