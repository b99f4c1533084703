import type { ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import type { Instant } from '../../domain/time.js'
import type { FaultName } from './fault-names.js'
import type { LoadClass } from './load-classes.js'

/** Energies of a period, kWh e4 after the multiplier: total, tou1…tou4; 0 where the meter has no such register. */
export type TrueEnergies = readonly [total: bigint, tou1: bigint, tou2: bigint, tou3: bigint, tou4: bigint]

/** A meter as the registry describes it. */
export interface HistoryMeter extends RegisterWidth {
  readonly meterId: bigint
}

/** A stretch of a registry timeline; `to` null means until further notice. */
export interface Stretch<V> {
  readonly from: Instant
  readonly to: Instant | null
  readonly value: V
}

/** One thing that was said of a meter. `readAt` is the key that the head-end would give it. */
export interface HistoryClaim {
  readonly meterId: bigint
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  /** When we got it; claims are listed in this order. */
  readonly arrivedAt: Instant
}

/** A value that somebody put where no reading came. */
export interface HistoryEstimate {
  readonly meterId: bigint
  readonly readAt: Instant
  readonly registers: RegisterSet
}

/** What was planted at a usage point, and the first local day it touches, counted from the first day of the history. */
export interface PlantedFault {
  readonly name: FaultName
  readonly day: number
}

/** What happened honestly and has to be billed without a question. */
export type HonestEvent = 'exchange' | 'several_exchanges' | 'rollover' | 'new_multiplier' | 'rise' | 'drop' | 'vacancy'

export interface PointHistory {
  readonly loadClass: LoadClass
  /** What the registry believes: which meter measured when, and with which CT × PT. */
  readonly installations: readonly Stretch<bigint>[]
  readonly multipliers: readonly Stretch<number>[]
  /** The meters' own registers at the ends of what each measured in the period, times the true multiplier. */
  readonly truth: TrueEnergies
  /** The most and the least that the point drew on one day of the history, kWh e4 after the multiplier. */
  readonly fullestDayE4: bigint
  readonly emptiestDayE4: bigint
  /** What the coarsest of the meters cannot show, kWh e4 after the multiplier. */
  readonly stepE4: bigint
  readonly events: readonly HonestEvent[]
  readonly planted: readonly PlantedFault[]
}

/** Some weeks of one usage point (two where their meters are mixed up) and what is true about them. */
export interface MeterHistory {
  readonly seed: number
  readonly number: number
  readonly periodStart: Instant
  readonly periodEnd: Instant
  /** The claims are complete up to here. */
  readonly closedAt: Instant
  readonly meters: readonly HistoryMeter[]
  readonly points: readonly PointHistory[]
  readonly claims: readonly HistoryClaim[]
  readonly estimates: readonly HistoryEstimate[]
}
