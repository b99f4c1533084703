import type { Instant, LocalDate } from './time.js'
import type { Quantity } from './quantities.js'

/** Quantities of the values of a cumulative curve, in their order in a piece (`load_energy`; `hourly_energy` has the first two). */
export const curveChannels = [
  'forward_active_energy',
  'reverse_active_energy',
  'combined_reactive1_energy',
  'combined_reactive2_energy',
] as const satisfies readonly Quantity[]
export type CurveChannel = (typeof curveChannels)[number]

/** Lengths a slot of an interval day may have. */
export const slotLengths = [15, 30, 60] as const
export type SlotMinutes = (typeof slotLengths)[number]

/** What a slot's value is worth; missing and not installed slots have the value 0. The numbers are stored. */
export const slotQualities = { measured: 0, estimated: 1, missing: 2, not_installed: 3, suspect: 4 } as const
export type SlotQuality = keyof typeof slotQualities

export type IntervalVerdict = 'complete' | 'filled' | 'held'

/** A stretch of slots that nobody measured and whose energy is known as a whole; the part of it that lies in one day. */
export interface SlotFill {
  /** Ordinal of its first slot in the day, and how many there are. */
  readonly slot: number
  readonly slots: number
  readonly energyE4: bigint
  readonly method: 'similar_days' | 'linear'
  /** Days of the same type that gave the shape. */
  readonly basisDays: number
  /** A slot's true value lies within ± this of its estimate, nine times out of ten; for `linear`, always. */
  readonly halfWidthE4: bigint
}

/** A day of one channel of a meter, kWh or kvarh e4 before the multiplier. */
export interface IntervalDay {
  readonly dayStart: Instant
  readonly serviceDate: LocalDate
  readonly slotMinutes: SlotMinutes
  readonly energiesE4: BigInt64Array
  /** A `slotQualities` number for each slot. */
  readonly qualities: Uint8Array
  /** Registers at the ends of the day, or of the part of it that the meter was installed; null where unknown. */
  readonly startE4: bigint | null
  readonly endE4: bigint | null
  readonly sumE4: bigint
  /** The slots' sum less what the registers at both ends say; null while one of them or a slot is missing. */
  readonly differenceE4: bigint | null
  readonly verdict: IntervalVerdict
  readonly rules: readonly string[]
  readonly reason: string
  readonly fills: readonly SlotFill[]
}
