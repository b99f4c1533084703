import { invariant } from '../../domain/result.js'

/** Tp: when the exchange was started, and how long an answer may take. */
export interface TimeLabel {
  /** PFC, 0 to 255. */
  readonly frameCounter: number
  /** Local time of the starting frame: day of month and time of day, as BCD digits `DDhhmmss`. */
  readonly sentAt: string
  /** 0 asks for no check. */
  readonly allowedDelayMinutes: number
}

const labelBytes = 6

/** The label of 6 bytes; null when the time is not BCD. */
export function decodeTimeLabel(bytes: Buffer): TimeLabel | null {
  if (bytes.length !== labelBytes) return null
  const sentAt = Buffer.from(bytes.subarray(1, 5).toReversed()).toString('hex')
  if (!/^\d{8}$/.test(sentAt)) return null
  return { frameCounter: bytes.readUInt8(0), sentAt, allowedDelayMinutes: bytes.readUInt8(5) }
}

export function encodeTimeLabel({ frameCounter, sentAt, allowedDelayMinutes }: TimeLabel): Buffer {
  invariant(/^\d{8}$/.test(sentAt), `not DDhhmmss: ${sentAt}`)
  return Buffer.concat([
    Buffer.from([frameCounter]),
    Buffer.from(sentAt, 'hex').toReversed(),
    Buffer.from([allowedDelayMinutes]),
  ])
}
