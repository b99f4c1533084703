import { invariant, present } from '../../domain/result.js'
import { apportion as apportionCapped } from '../curves/apportion.js'

/**
 * Splits a whole by weights into integers that add up to it: each part is cut down, and what is left goes one by one to those that lost
 * most by it, the earlier one first (largest remainder). Equal parts where all weights are zero. The whole and the weights are not negative.
 */
export function apportion(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  invariant(whole >= 0n && weights.every((weight) => weight >= 0n), 'what is split, and its weights, are not negative')
  invariant(whole === 0n || weights.length > 0, 'a whole is split among somebody')
  const shares = weights.map((weight) => ({ weight, capE4: whole }))
  return present(apportionCapped(whole, shares), 'room for the whole')
}
