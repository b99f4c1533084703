import type { DecisionAction } from '../../../domain/exception-policy.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { dayMs, type Instant } from '../../../domain/time.js'

/** What is known around a doubtful reading; energies kWh e4 before the multiplier. */
export interface SuggestionContext {
  readonly kind: string
  readonly rules: readonly string[]
  readonly readAt: Instant | null
  /** The most trusted first. */
  readonly claims: readonly RegisterSet[]
  /** Values that were decided before, the last one first; held ones are left out. */
  readonly before: readonly KnownTotal[]
  /** What the meter said afterwards, decided or not, the first one first. */
  readonly after: readonly { readonly readAt: Instant; readonly totalE4: bigint }[]
  /** Median usage per day of the history; null where there is too little of it. */
  readonly usualE4PerDay: bigint | null
  /** Since when another multiplier holds, where that is not long before. */
  readonly multiplierChangedAt: Instant | null
}
export interface KnownTotal {
  readonly readAt: Instant
  readonly totalE4: bigint
  readonly isEstimate: boolean
}

export interface Suggestion {
  readonly name: string
  readonly action: DecisionAction
  /** For `accept`: which claim, the most trusted being 1. */
  readonly claim?: number
  /** For `correct`. */
  readonly value?: RegisterSet
  readonly zh: string
  readonly en: string
}

/** One file, one explanation; null where it explains nothing. */
export type SuggestionRule = (context: SuggestionContext) => Suggestion | null

/** How many times the usual a day may take, and what anybody may use anyway. */
const mostTimesUsual = 3n
const slackE4PerDay = 2_0000n

/** Whether a difference over a time looks like what this meter usually counts. */
export function isUsual(deltaE4: bigint, elapsedMs: number, usualE4PerDay: bigint | null): boolean {
  if (usualE4PerDay === null || deltaE4 < 0n || elapsedMs <= 0) return false
  return deltaE4 * BigInt(dayMs) <= (usualE4PerDay * mostTimesUsual + slackE4PerDay) * BigInt(elapsedMs)
}
