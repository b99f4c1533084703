import { hourMs, type Instant } from '../../domain/time.js'
import { resolutionE4 } from '../../domain/register-width.js'
import type { MeterLimits } from './policy.js'
import type { MeterFacts } from './rule.js'

/** Most a meter can have counted over [from, to), kWh e4 before the multiplier, one display step included. */
export function physicalLimitE4(meter: MeterFacts, from: Instant, to: Instant, policy: MeterLimits): bigint {
  const perHour = policy.physicalLimitE4PerHour[meter.model] ?? policy.defaultPhysicalLimitE4PerHour
  return (perHour * BigInt(to - from)) / BigInt(hourMs) + resolutionE4(meter)
}
