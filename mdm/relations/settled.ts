import type { Result } from '../../domain/result.js'
import type { Energies } from '../determinants/determinant.js'
import type { Portion } from './give-portions.js'
import type { Stretch } from './member.js'
import type { RelationHold, RelationPart } from './relation.js'

export interface Resolved {
  /** What was measured at it or given to it, before anything is taken off. */
  readonly stretches: readonly Stretch[]
  /** What the point bears: measured or given to it, less what others bear. */
  readonly energies: Energies
  readonly parts: readonly RelationPart[]
}
export interface SettledPoint extends Resolved {
  /** What children without meters get. */
  readonly portions: readonly Portion[]
}
/** Points that were gone through so far; `null` for one whose own quantity is in doubt. */
export type Settled = ReadonlyMap<bigint, Result<SettledPoint, RelationHold> | null>
