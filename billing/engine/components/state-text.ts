import { type LadderState, nothingUsed, readCounter, writeCounter } from './counter-text.js'
import { type HistoryGain, type HistoryText, readHistory, writeHistory } from './history-text.js'
import type { VersionProgram } from './version-program.js'

/** A state of which nothing but a ladder and the history of energy is on record. */
export interface PlainState {
  readonly ladder: LadderState
  readonly history: HistoryText
}

// A jsonb as the server writes it: keys by length, then by character.
const beforeBlocks = '{"free": [], "billed": [], "blocks": ['
const beforeQuantities = '], "months": [], "rounding": [], "quantities": ['

/**
 * Reads a closing state as the database writes it, strictly: null for anything that is not just a counter of this ladder and energies of
 * earlier months in slots of this version.
 */
export function readState(text: string, program: VersionProgram): PlainState | null {
  const blocksEnd = text.indexOf(beforeQuantities, beforeBlocks.length)
  if (blocksEnd < 0 || !text.startsWith(beforeBlocks)) return null
  const counter = text.slice(beforeBlocks.length, blocksEnd)
  const ladder = counter === '' ? nothingUsed : ladderOf(counter, program)
  const history = readHistory(text, blocksEnd + beforeQuantities.length, program)
  return ladder === null || history === null ? null : { ladder, history }
}

function ladderOf(text: string, { ladder }: VersionProgram): LadderState | null {
  return ladder === null ? null : readCounter(text, ladder.counter, ladder.blocks)
}

/** Energies that a bill adds to a state, kWh e4. */
export interface StateGain extends HistoryGain {
  /** By block. */
  readonly blockE4: Float64Array
}

/** The closing state of a bill, as JSON: the opening one, with its energies in the history and in the ladder. */
export function closingText(program: VersionProgram, opening: PlainState, gain: StateGain): string {
  const { ladder } = program
  const goesOn = ladder?.goesOn === true
  const counter = goesOn ? writeCounter(ladder.counter, opening.ladder, gain.energyE4, gain.blockE4) : ''
  return `${beforeBlocks}${counter}${beforeQuantities}${writeHistory(program, opening.history, gain)}]}`
}
