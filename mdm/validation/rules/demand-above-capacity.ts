import { formatScaled } from '../../../domain/scaled.js'
import type { ValidationRule } from '../rule.js'

/** The demand behind the transformers is more than the contract's capacity by far: a wrong multiplier, or a load nobody agreed to. */
export const demandAboveCapacity: ValidationRule = ({ demandE4, supply }, { demandPercent }) => {
  if (demandE4 === null || supply === null || supply.contractCapacityKva === null) return null
  const loadE4 = demandE4 * supply.multiplier
  if (loadE4 * 100n <= supply.contractCapacityKva * 10_000n * demandPercent) return null
  return `demand of ${formatScaled(loadE4, 4)} kW on a contract of ${supply.contractCapacityKva} kVA`
}
