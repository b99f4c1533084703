import { liveToleranceMs } from '../../domain/reading.js'

/** Thresholds of validation, as data; energies kWh e4 at the meter, before the multiplier. */
export interface ValidationPolicy {
  /** Most a meter can count in an hour, by model. */
  readonly physicalLimitE4PerHour: Readonly<Record<string, bigint>>
  readonly defaultPhysicalLimitE4PerHour: bigint
  /** How long after a due midnight a live read still serves it. */
  readonly liveToleranceMs: number
  /** How long after a due point a missing value is reported. */
  readonly missingAfterMs: number
}

export const defaultValidationPolicy: ValidationPolicy = {
  physicalLimitE4PerHour: {},
  // Three phases of 220 V with 100 A: 66 kW, the largest directly connected meter.
  defaultPhysicalLimitE4PerHour: 66_0000n,
  liveToleranceMs,
  missingAfterMs: 6 * 3_600_000,
}
