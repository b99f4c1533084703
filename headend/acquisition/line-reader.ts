import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { CollectedReading } from '../../storage/headend/collected.js'
import type { LineCounters } from '../sessions/line-counters.js'
import type { FailureCause } from './failure-cause.js'

/** A due point that has no value yet. */
export interface OpenRead {
  readonly meterId: MeterId
  readonly communicationAddress: string
  readonly model: string
  /** The local midnight wanted. */
  readonly readAt: Instant
  /** A bill begins or ends here; such points go first. */
  readonly boundary?: boolean
}

export type ReadOutcome =
  | { readonly kind: 'read'; readonly reading: CollectedReading }
  | { readonly kind: 'failed'; readonly cause: FailureCause }

/** What collection needs of a bus or gateway, whatever it speaks. Calls come one after the other. */
export interface LineReader {
  /** False when the line could not be reached before the deadline. */
  readonly ready: (deadline: Instant) => Promise<boolean>
  readonly read: (due: OpenRead) => Promise<ReadOutcome>
  readonly counters: () => LineCounters
  readonly close: () => void
}
