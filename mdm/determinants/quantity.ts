import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'

export type QuantityName =
  | 'active_energy'
  | 'export_energy'
  | 'reactive_forward'
  | 'reactive_reverse'
  | 'reactive_combined1'
  | 'reactive_combined2'
  | 'reactive_quadrant1'
  | 'reactive_quadrant2'
  | 'reactive_quadrant3'
  | 'reactive_quadrant4'
  | 'power_factor_active'
  | 'power_factor_reactive'
  | 'demand_max'
  | 'demand_reverse_max'
  | 'loss_active'
  | 'loss_reactive'
  | 'relation_deducted'
  | 'relation_share'
  | 'fixed_quantity'
  | 'relation_common'
  | 'interval_days'
  | 'opening_estimate'

/** Where a boundary's value comes from; what a bill says of it. */
export type Origin =
  | 'read'
  | 'back_filled'
  | 'live'
  | 'field'
  | 'exchange'
  | 'opening'
  | 'corrected'
  | 'imported'
  | 'estimated'
  | 'settled'
  | 'held'
  | 'missing'

/** The readings of one metering segment, with the decisions that stood when the set was frozen. */
export interface QuantityLink {
  readonly meterId: MeterId
  readonly multiplier: number
  readonly startRead: Instant
  readonly endRead: Instant
  readonly startRevision: number | null
  readonly endRevision: number | null
  readonly startOrigin: Origin
  readonly endOrigin: Origin
}
/** Total and tou1…tou4 at scale e4 after the multiplier; null where the meter has no such register. */
export type Registers = readonly [
  total: bigint,
  tou1: bigint | null,
  tou2: bigint | null,
  tou3: bigint | null,
  tou4: bigint | null,
]

/** A further quantity of an account, or why it is not known. */
export interface DeterminantQuantity {
  readonly quantity: QuantityName
  readonly unit: 'kWh' | 'kvarh' | 'kW'
  readonly value: Registers | { readonly missing: string }
  /** When a demand came about. */
  readonly moment: Instant | null
  /** The usage point at the other end of a relation; null: the account's own. */
  readonly otherPointId: bigint | null
  /** What else it rests on. */
  readonly basis: string
  readonly links: readonly QuantityLink[]
  /** Of interval days that are the energy by slot in place of the registers: why. */
  readonly insteadOf?: string
}

/** The value, or null where it is missing. */
export function valueOf({ value }: DeterminantQuantity): Registers | null {
  return 'missing' in value ? null : value
}
