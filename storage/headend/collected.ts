import type { Quantity } from '../../domain/quantities.js'
import type { LineId, MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'

/** `mqtt_values`: what a concentrator says that it decoded itself, meter by meter. */
export type FrameProtocol = 'dlt645_2007' | 'dlt645_1997' | 'modbus_tcp' | 'modbus_rtu' | 'mqtt_values'

/**
 * One message as it came, with the readings that its bytes hold: what a line answered for one reading, or all that an upload
 * brought. `request` holds what was sent for it, null when nobody asked.
 */
export interface CollectedFrame {
  readonly lineId: LineId
  /** Null when the message speaks of several meters. */
  readonly meterId: MeterId | null
  readonly protocol: FrameProtocol
  readonly request: Buffer | null
  readonly response: Buffer
  readonly receivedAt: Instant
  readonly readings: readonly FrameReading[]
}

/** A register set that a frame holds. */
export interface FrameReading {
  readonly meterId: MeterId
  readonly quantity: Quantity
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  /** Where in `response` the bytes stand from which stamp and values decode; null for the whole of it. */
  readonly slice: FrameSlice | null
}

/** Bytes [offset, offset + length) of a frame's response. */
export interface FrameSlice {
  readonly offset: number
  readonly length: number
}

/**
 * A register set fresh from a line with its evidence. `response` holds the bytes from which stamp and values decode: for a
 * DL/T 645 freeze the stamp's reply followed by the values' reply; for a meter of the 1997 edition the one reply; for Modbus the one
 * ADU. `request` holds what was sent for them in the same order.
 */
export interface CollectedReading {
  readonly meterId: MeterId
  readonly quantity: Quantity
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  readonly protocol: FrameProtocol
  readonly request: Buffer | null
  readonly response: Buffer
  readonly receivedAt: Instant
}

/** An attempt at a due point that brought no value. */
export interface FailedAttempt {
  readonly meterId: MeterId
  /** What was wanted; the daily freeze when nothing is said. */
  readonly template?: string
  readonly readAt: Instant
  readonly cause: string
  readonly failedAt: Instant
}

/** Something that cannot become a reading, kept as it came. */
export interface QuarantinedMessage {
  readonly reason: string
  readonly payload: Buffer
  readonly receivedAt: Instant
}

/** Sums of a window (or of one upload) on one line; `windowKey` tells the rows of one window apart. */
export interface WindowStatistics {
  readonly windowStart: Instant
  readonly windowKey: string
  readonly requests: number
  readonly replies: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly damaged: number
  readonly refused: number
  readonly repaired: number
  readonly timeouts: number
}
