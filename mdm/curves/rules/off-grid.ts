import type { CurveRule } from '../rule.js'

/** Pieces that end between two slots: the meter's clock or its period is not what is taken for it. */
export const offGrid: CurveRule = ({ offGrid: pieces }) =>
  pieces === 0 ? null : `${pieces} intervals end in no slot's end`
