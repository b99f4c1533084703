import { dayMs } from '../../domain/time.js'
import { defaultValidationPolicy } from '../validation/built-in-policy.js'
import type { MeterLimits } from '../validation/policy.js'

export interface DeterminantPolicy {
  readonly validation: MeterLimits
  /** After an exchange or a new multiplier usage per day may differ from before by this factor either way… */
  readonly historyFactor: bigint
  /** …or by this many kWh e4 a day, whichever allows more. */
  readonly historySlackE4PerDay: bigint
  /** How long after its end a lower value still throws doubt on a segment. */
  readonly contradictionMs: number
}

export const defaultDeterminantPolicy: DeterminantPolicy = {
  validation: defaultValidationPolicy,
  historyFactor: 4n,
  historySlackE4PerDay: 30_0000n,
  contradictionMs: 3 * dayMs,
}
