import type { Begin } from './begins.js'
import { nothingUsed } from './counter-text.js'
import { type PlainState, readState } from './state-text.js'
import type { VersionProgram } from './version-program.js'

/** What is on record of an account before its period. Instants are epoch milliseconds, NaN where nothing is. */
export interface RecordBefore {
  readonly start: number
  readonly tariffCode: string
  readonly lastBillEnd: number
  readonly lastTariff: string | null
  /** Of a bill under components, as the database writes it. */
  readonly closing: string | null
  readonly ladderE4: number
  readonly openingAsOf: number
  readonly openingLadderE4: number
}

/** Where an account stands when its period begins, as `openingState` finds it; null where it takes that to say so. */
export function plainOpening(program: VersionProgram, begin: Begin, record: RecordBefore): PlainState | null {
  const { start, lastBillEnd, openingAsOf, openingLadderE4, closing, ladderE4 } = record
  if (!Number.isNaN(lastBillEnd)) {
    const follows = lastBillEnd === start
    if (follows && closing !== null) return record.lastTariff === record.tariffCode ? readState(closing, program) : null
    return fromLadder(program, begin, follows ? ladderE4 : Number.NaN)
  }
  return fromLadder(program, begin, openingAsOf === start ? openingLadderE4 : Number.NaN)
}

/** Without components one number says where the year's ladder stands. */
function fromLadder(program: VersionProgram, begin: Begin, usedE4: number): PlainState | null {
  if (!begin.asksForState) return { ladder: nothingUsed, history: [] }
  if (Number.isNaN(usedE4) || program.ladder?.isYearly !== true) return null
  return { ladder: { usedE4, byBlockE4: null }, history: [] }
}
