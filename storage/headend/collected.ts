import type { Quantity } from '../../domain/quantities.js'
import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'

/**
 * A register set fresh from the field with its evidence. `response` holds the bytes from which stamp and values decode: for a
 * DL/T 645 freeze the stamp's reply followed by the values' reply, whether a line or a concentrator brought them; for Modbus the
 * one ADU. `request` holds what was sent for them in the same order, null when nobody asked.
 */
export interface CollectedReading {
  readonly meterId: MeterId
  readonly quantity: Quantity
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  readonly protocol: 'dlt645_2007' | 'modbus_tcp'
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
