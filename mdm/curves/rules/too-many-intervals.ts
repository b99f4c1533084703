import { boundaryStates } from '../../../domain/boundary-columns.js'
import type { CurveRule } from '../rule.js'

/** More pieces than there are slots: a clock ran fast or was set back, and nobody knows which of them is whose (reliability, story 14). */
export const tooManyIntervals: CurveRule = ({ states, slotCount, offGrid, secondValues }) => {
  let pieces = offGrid + secondValues
  if (pieces === 0) return null
  for (let boundary = 1; boundary <= slotCount; boundary++)
    if (states[boundary] === boundaryStates.piece || states[boundary] === boundaryStates.disputed) pieces++
  return pieces > slotCount ? `${pieces} intervals, the day has ${slotCount}` : null
}
