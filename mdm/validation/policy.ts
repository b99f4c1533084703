import type { UsageClass } from '../../domain/usage-class.js'
import type { RuleName, Severity } from './rule-names.js'

/** When a candidate belongs to which ordered group of rules. */
export const roles = ['initial_load', 'collected', 'field', 'revalidation', 'manual_override'] as const
export type Role = (typeof roles)[number]

/** Physical limits and times that hold for every class; energies kWh e4 at the meter, before the multiplier. */
export interface MeterLimits {
  /** Most a meter can count in an hour, by model. */
  readonly physicalLimitE4PerHour: Readonly<Record<string, bigint>>
  readonly defaultPhysicalLimitE4PerHour: bigint
  /** How long after a due midnight a live read still serves it. */
  readonly liveToleranceMs: number
  /** How long after a due point a missing value is reported. */
  readonly missingAfterMs: number
}

/** Thresholds of one class. Energies are kWh e4 behind the transformers, as the account is billed; factors and percentages are whole. */
export interface ClassThresholds {
  /** Days of history without which nothing is said against it. */
  readonly leastHistoryDays: number
  /** A day beyond this many times the usual one, and beyond it by this many kWh and by this many median deviations. */
  readonly jump: { readonly factor: bigint; readonly leastE4: bigint; readonly deviations: bigint }
  /** A day beyond this many percent of the fullest one before, and beyond it by this much. */
  readonly aboveFullest: { readonly percent: bigint; readonly leastE4: bigint }
  readonly drop: { readonly factor: bigint; readonly leastE4: bigint; readonly deviations: bigint }
  /** The same against what the neighbours' trend lets expect. */
  readonly peers: { readonly leastMeters: number; readonly factor: bigint; readonly leastE4: bigint }
  readonly zeroRunDays: number
  readonly staleRepeat: { readonly days: number; readonly leastDayE4: bigint }
  readonly nearAbsolute: { readonly percent: bigint; readonly leastE4: bigint; readonly firstPeriodMs: number }
  readonly unitSlip: { readonly tolerancePercent: bigint; readonly steadyPercent: bigint }
  /** A fall of at most this many usual days is taken for a meter that runs backwards. */
  readonly reverseDays: bigint
  readonly exportLeastE4: bigint
  readonly demandPercent: bigint
}

export type Severities = Readonly<Record<RuleName, Severity>>

/** What a rule may look up: limits of the meter and thresholds of its class. */
export type RuleLimits = MeterLimits & ClassThresholds

export interface ClassPolicy {
  readonly limits: RuleLimits
  readonly severities: Severities
}

/** A validation policy ready for use. */
export interface ValidationPolicy extends MeterLimits {
  /** `built-in/N`, or the number of the revision that two people signed. */
  readonly version: string
  /** The rules of each role in the order in which they are heard. */
  readonly groups: Readonly<Record<Role, readonly RuleName[]>>
  readonly classes: Readonly<Record<UsageClass, ClassPolicy>>
}
