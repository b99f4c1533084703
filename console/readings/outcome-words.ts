import type { StagedOutcome } from '../../storage/mdm/staged-readings.js'

/** What became of a line, for people, in the order of their columns. */
export const outcomeWords: Readonly<Record<StagedOutcome, string>> = {
  taken: '收入 taken',
  beside: '收入，另有一数 taken beside another',
  exists: '已有 exists',
  refused: '拒收 refused',
  held_back: '未收 held back',
}
