import { defaultRisk, type ExceptionPolicy, kindPolicy } from '../../domain/exception-policy.js'
import { dayMs, type Instant } from '../../domain/time.js'

export interface RiskSubject {
  readonly kind: string
  /** Null where billing says nothing of the account; then the policy's figures stand for it. */
  readonly priceE8: bigint | null
  readonly expectedEnergyE4: bigint | null
}

/** Money that a decision may change, fen: what the account is expected to be billed, by how likely its kind of doubt changes that. */
export function yuanAtRiskFen({ kind, priceE8, expectedEnergyE4 }: RiskSubject, policy: ExceptionPolicy): bigint {
  const known = priceE8 !== null && expectedEnergyE4 !== null ? { priceE8, expectedEnergyE4 } : defaultRisk(policy)
  const billedFen = (known.priceE8 * known.expectedEnergyE4) / fenPerProduct
  return (billedFen * BigInt(kindPolicy(policy, kind).changePermille)) / 1000n
}

/** 10^4 (energy) × 10^8 (price) / 10^2 (fen to the yuan). */
const fenPerProduct = 10_000_000_000n

/** Money by the day that is left, fen: what is overdue or due within a day counts whole. */
export function urgencyFen(fen: bigint, deadline: Instant, now: Instant): bigint {
  const daysLeft = Math.max(1, Math.ceil((deadline - now) / dayMs))
  return fen / BigInt(daysLeft)
}
