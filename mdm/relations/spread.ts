import type { Energies } from '../determinants/determinant.js'
import { apportion } from './apportion.js'
import { hasTou } from './energies.js'

/**
 * A total without registers by time of use, spread as another point's registers lie (billing-rules 5.4); the registers add up to the total.
 * Without such registers the total stands alone.
 */
export function spread(totalE4: bigint, like: Energies): Energies {
  if (!hasTou(like)) return [totalE4, 0n, 0n, 0n, 0n]
  const [, ...weights] = like
  const [tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = apportion(totalE4, weights)
  return [totalE4, tou1, tou2, tou3, tou4]
}
