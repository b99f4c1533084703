import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { CollectedReading } from '../../storage/headend/collected.js'
import type { LineCounters } from '../sessions/line-counters.js'
import type { FailureCause, NoAttempt } from './failure-cause.js'

/** A due point that has no value yet. */
export interface OpenRead {
  readonly meterId: MeterId
  readonly communicationAddress: string
  readonly model: string
  /** The local midnight wanted. */
  readonly readAt: Instant
  /** Lower goes first; 0 where nothing is said. Points at which a bill begins or ends come before all others. */
  readonly rank?: number
  /** Windows in a row up to now in which the meter said nothing; 0 where nothing is said. */
  readonly silentWindows?: number
}

export type ReadOutcome =
  | { readonly kind: 'read'; readonly reading: CollectedReading }
  | { readonly kind: 'failed'; readonly cause: FailureCause | NoAttempt }

/** What collection needs of a bus or gateway, whatever it speaks. Calls come one after the other. */
export interface LineReader {
  /** False when the line could not be reached before the deadline. */
  readonly ready: (deadline: Instant) => Promise<boolean>
  readonly read: (due: OpenRead) => Promise<ReadOutcome>
  readonly counters: () => LineCounters
  readonly close: () => void
}
