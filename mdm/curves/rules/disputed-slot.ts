import { boundaryStates } from '../../../domain/boundary-columns.js'
import type { CurveRule } from '../rule.js'

/** Two values under one slot: nobody may choose silently. */
export const disputedSlot: CurveRule = ({ states, secondValues }) => {
  if (secondValues === 0) return null
  const disputed = states.filter((state) => state === boundaryStates.disputed).length
  return disputed === 0 ? null : `${disputed} slots with more than one value`
}
