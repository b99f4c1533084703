import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { LineCounters } from '../sessions/line-counters.js'

/** What one nightly window brought, over all lines. */
export interface WindowReport {
  /** As asked for; the window is that of the local midnight at or before it. */
  readonly windowStart: Instant
  readonly policyVersion: number
  /** Due points laid down for this window. */
  readonly laid: number
  readonly lines: readonly LineReport[]
}

/** `not_owner`: another node holds the line and reads it. */
export type LineProblem = 'not_owner'

export interface LineReport {
  readonly lineId: LineId
  readonly code: string
  readonly status: 'collected' | LineProblem
  /** Due points asked for, older ones among them. */
  readonly due: number
  readonly read: number
  /** Due points that failed first and were read later in the same window. */
  readonly repaired: number
  readonly open: number
  /** Readings whose tariffs do not add up to the total; stored all the same. */
  readonly doubtful: number
  readonly counters: LineCounters
}
