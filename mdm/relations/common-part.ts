import type { Energies } from '../determinants/determinant.js'
import { minus, sumOf } from './energies.js'

/** Rule 总分: what the parent's meter measures beyond its children's: the common part. Negative where they cannot all be right. */
export function commonPart(parent: Energies, children: readonly Energies[]): Energies {
  return minus(parent, sumOf(children))
}
