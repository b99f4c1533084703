import type { Energies } from '../determinants/determinant.js'
import { hasTou } from './energies.js'
import { spread } from './spread.js'

/**
 * Rule 套扣: what is taken off a parent for a child that its meter measures too. Registers are taken off registers; a child without them is
 * spread as the parent's lie, and a parent without them loses the total alone.
 */
export function deducted(parent: Energies, child: Energies): Energies {
  if (!hasTou(parent)) return [child[0], 0n, 0n, 0n, 0n]
  return hasTou(child) ? child : spread(child[0], parent)
}
