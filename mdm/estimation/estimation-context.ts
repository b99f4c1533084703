import type { RegisterSet } from '../../domain/reading.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import type { Calendar, Instant, LocalDate } from '../../domain/time.js'
import type { MethodName, UsageClass } from './policy-document.js'

/** An accepted reading. Never an estimate: nothing is estimated from estimates. */
export interface KnownRegisters {
  readonly readAt: Instant
  readonly registers: RegisterSet
}

/** What is known of a point before its gap, by day. Energies kWh e4 before the multiplier. */
export interface UsageHistory {
  readonly firstMidnight: LocalDate
  /** Accepted totals at successive local midnights; null where none is known. The last one opens the gap. */
  readonly totalsE4: readonly (bigint | null)[]
  /** What each tariff register counted over the history; null where the meter has no such register. */
  readonly tariffUsagesE4: RegisterSet['touE4']
}

/** How the points of one area and class used energy on a day: the middle one's usage over its own usual level. */
export interface PeerDay {
  readonly shareE4: bigint
  readonly peers: number
}
export type PeerProfile = ReadonlyMap<LocalDate, PeerDay>

export interface EstimationContext {
  readonly width: RegisterWidth
  readonly usageClass: UsageClass
  readonly calendar: Calendar
  readonly readAt: Instant
  readonly now: Instant
  /** A person wants the estimate now: what the policy waits for, he does not. */
  readonly asked?: boolean
  /** A bill may begin or end there. */
  readonly boundary: boolean
  readonly before: KnownRegisters | null
  readonly after: KnownRegisters | null
  readonly history: UsageHistory
  readonly peers: PeerProfile
}

export interface Estimate {
  readonly method: MethodName
  readonly registers: RegisterSet
  /** Totals (kWh e4) between which the truth lies nine times in ten. */
  readonly lowE4: bigint
  readonly highE4: bigint
  /** Known days of the own history, and the peers of the thinnest missing day; 0 where none were asked. */
  readonly historyDays: number
  readonly peers: number
}

/** Why a point stays open. */
export type NotEstimableReason =
  | 'billing_boundary'
  | 'no_earlier_value'
  | 'no_later_value'
  | 'registers_disagree'
  | 'gap_too_long'
  | 'history_too_short'
  | 'too_few_peers'
  | 'estimated_too_long'
