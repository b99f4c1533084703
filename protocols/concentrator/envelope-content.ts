import type { Instant } from '../../domain/time.js'
import type { JsonError } from './exact-json.js'

/** A frame as the envelope brought it; whether it is sound is for `decodeFrame` to say. */
export interface EnvelopeFrame {
  /** From 68H on, without wake-up bytes. */
  readonly bytes: Buffer
  /** The meter as the envelope names it, which need not be its address. */
  readonly meter: string | null
  /** What the sender says of the time. */
  readonly time: Instant | null
}

/** A value that the concentrator decoded itself. */
export interface EnvelopeReading {
  readonly meter: string | null
  /** Upper-case hexadecimal, high byte first. */
  readonly dataIdentifier: string
  /** Exact decimal text as it was sent; null where the concentrator has none, and in a request. */
  readonly value: string | null
  readonly rawValue: string | null
  readonly unit: string | null
  readonly time: Instant | null
}

/** What a message says, whatever it looks like on the wire. */
export interface EnvelopeContent {
  readonly concentrator: string | null
  /** The meter that the topic names. */
  readonly meter: string | null
  readonly messageId: string | null
  /** Bytes before the frame, such as a hardware address, in upper-case hexadecimal. */
  readonly prefix: string | null
  readonly frames: readonly EnvelopeFrame[]
  readonly readings: readonly EnvelopeReading[]
  readonly online: boolean | null
  /** Why the concentrator could not do what it was asked for. */
  readonly failure: string | null
  /** When the message was made, where it says so for the whole of it and carries neither frame nor reading. */
  readonly time: Instant | null
}

/** `offset` counts bytes of the payload from 0; inside of JSON it is where the value begins. */
export type EnvelopeError =
  | JsonError
  | { readonly kind: 'unknown_topic'; readonly offset: number }
  | { readonly kind: 'payload_empty'; readonly offset: number }
  | { readonly kind: 'payload_too_long'; readonly offset: number; readonly limit: number }
  /** A field is missing or of another type. */
  | { readonly kind: 'payload_malformed'; readonly offset: number; readonly field: string }
  | { readonly kind: 'too_many_items'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'not_hexadecimal'; readonly offset: number }
  | { readonly kind: 'prefix_missing'; readonly offset: number }
  | { readonly kind: 'frame_too_long'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'no_frame'; readonly offset: number }
  /** A number with too many digits, or a text that is none: it is never rounded. */
  | { readonly kind: 'value_not_exact'; readonly offset: number }
  | { readonly kind: 'identifier_invalid'; readonly offset: number }
  | { readonly kind: 'time_invalid'; readonly offset: number }
  | { readonly kind: 'wrong_concentrator'; readonly offset: number }

export const emptyContent: EnvelopeContent = {
  concentrator: null,
  meter: null,
  messageId: null,
  prefix: null,
  frames: [],
  readings: [],
  online: null,
  failure: null,
  time: null,
}
