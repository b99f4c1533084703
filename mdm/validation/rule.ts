import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import type { ValidationPolicy } from './policy.js'

export interface MeterFacts extends RegisterWidth {
  readonly meterId: MeterId
  readonly model: string
}
/** One thing that was said of a key. */
export interface Claim {
  readonly registers: RegisterSet
  readonly source: ReadingSource
}
/** The last accepted value of the meter before the key. */
export interface PreviousValue {
  readonly readAt: Instant
  readonly registers: RegisterSet
}
export interface Candidate {
  readonly meter: MeterFacts
  readonly readAt: Instant
  /** In order of trust, without repetitions; never empty. */
  readonly claims: readonly Claim[]
  /** The claim that would be taken: a field read before all others (billing-rules 2.3), else the most trusted. */
  readonly chosen: Claim
  readonly previous: PreviousValue | null
  /** The last due point within the day before the key; looked up for live reads only. */
  readonly dueAt: Instant | null
}

/** `null` when the rule has nothing to say, otherwise why it doubts the candidate. */
export type ValidationRule = (candidate: Candidate, policy: ValidationPolicy) => string | null
