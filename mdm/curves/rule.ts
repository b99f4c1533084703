import type { SlotMinutes } from '../../domain/interval-day.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import type { CurvePolicy } from './policy.js'

/** A day of one channel of a meter as it came: registers at the boundaries of its slots, in elapsed time from local midnight. */
export interface CurveDay {
  readonly meter: RegisterWidth
  readonly slotMinutes: SlotMinutes
  /** `slotCount + 1` registers, kWh e4, and what is known of each (`boundaryStates`). */
  readonly registersE4: BigInt64Array
  readonly states: Uint8Array
  readonly slotCount: number
  /** The slots [from, to) in which the meter was installed. */
  readonly installed: { readonly from: number; readonly to: number }
  readonly offGrid: number
  readonly secondValues: number
  /** Accepted readings at the two ends, independent of the curve; null where there is none. */
  readonly startE4: bigint | null
  readonly endE4: bigint | null
}

/** What the day's slots come to. */
export interface DaySlots {
  readonly energiesE4: BigInt64Array
  readonly qualities: Uint8Array
}

/** `null` when the rule has nothing to say, otherwise why it doubts the day. */
export type CurveRule = (day: CurveDay, slots: DaySlots, policy: CurvePolicy) => string | null

export type CurveRuleName =
  | 'too_many_intervals'
  | 'off_grid'
  | 'disputed_slot'
  | 'missing_intervals'
  | 'register_decreased'
  | 'spike'
  | 'zero_run'
  | 'interval_sum'
  | FillProblem

/** Why a stretch is left as it is. */
export type FillProblem = 'gap_open' | 'gap_too_long' | 'gap_above_peak'
