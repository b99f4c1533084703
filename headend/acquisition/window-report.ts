import type { LineId } from '../../domain/reading.js'
import type { LineCounters } from '../sessions/line-counters.js'

/** What one nightly window brought, over all lines. */
export interface WindowReport {
  /** Due points laid down for this window. */
  readonly laid: number
  readonly lines: readonly LineReport[]
}

/** `not_owner`: another node holds the line and reads it. `not_planned`: no schedule of the plan covers it. */
export type LineProblem = 'not_owner' | 'not_planned'

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
  readonly counters: LineCounters
}
