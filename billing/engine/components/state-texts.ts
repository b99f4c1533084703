import { maxBilledE4 } from '../../../domain/bill.js'
import { decimalText } from './line-texts.js'
import type { HistorySlot, LadderProgram, VersionProgram } from './version-program.js'

/** Where a ladder stands: what its scope has used, in all and by block, kWh e4. */
export interface LadderState {
  readonly usedE4: number
  /** Null where it lies in the blocks as their bounds say. */
  readonly byBlockE4: readonly number[] | null
}

/** A state of which nothing but a ladder and the history of energy is on record. */
export interface PlainState {
  readonly ladder: LadderState
  /** The history in elements of a JSON array, by group, in order: all time, then slots by name. */
  readonly history: readonly string[]
}

export const nothingUsed: LadderState = { usedE4: 0, byBlockE4: null }

/** Nothing on record, or what the year had used without components. */
export function stateWith(ladder: LadderState, { historySlots }: VersionProgram): PlainState {
  return { ladder, history: Array.from({ length: 1 + historySlots.length }, () => '') }
}

// A jsonb as the server writes it: keys by length, then by character.
const beforeBlocks = '{"free": [], "billed": [], "blocks": ['
const beforeQuantities = '], "months": [], "rounding": [], "quantities": ['
const energyDecimals = 4
const highestE4 = Number(maxBilledE4)

/**
 * Reads a closing state as the database writes it, strictly: null for anything that is not just a counter of this ladder and energies of
 * earlier months in slots of this version.
 */
export function readPlainState(text: string, program: VersionProgram): PlainState | null {
  if (!text.startsWith(beforeBlocks)) return null
  const blocksEnd = text.indexOf(beforeQuantities, beforeBlocks.length)
  if (blocksEnd < 0) return null
  const counter = text.slice(beforeBlocks.length, blocksEnd)
  const ladder = counter === '' ? nothingUsed : program.ladder === null ? null : readCounter(counter, program.ladder)
  const history = readHistory(text, blocksEnd + beforeQuantities.length, program)
  return ladder === null || history === null ? null : { ladder, history }
}

function readCounter(text: string, { code, scopeFrom, scopeTo, blocks }: LadderProgram): LadderState | null {
  const [head, middle, between, tail] = [
    `{"to": "${scopeTo}", "used": "`,
    `", "scope": "${scopeFrom}", "byBlock": ["`,
    '", "',
    `"], "component": "${code}"}`,
  ]
  const at = text.indexOf(middle)
  if (at < 0 || !text.startsWith(head) || !text.endsWith(tail)) return null
  const usedE4 = parseE4(text.slice(head.length, at))
  const byBlockE4 = text
    .slice(at + middle.length, -tail.length)
    .split(between)
    .map(parseE4)
  const isWhole = usedE4 >= 0 && byBlockE4.length === blocks && byBlockE4.every((value) => value >= 0)
  return isWhole ? { usedE4, byBlockE4 } : null
}

/** Groups in their order, each in order of month and before this one; null where something else stands among them. */
function readHistory(text: string, start: number, { historySlots, month }: VersionProgram): readonly string[] | null {
  const groups: string[] = []
  let at = start
  for (const prefix of prefixesOf(historySlots)) {
    const from = at
    let last = ''
    while (text.startsWith(prefix, at)) {
      last = text.slice(at + prefix.length, at + prefix.length + month.length)
      at = text.indexOf('}', at) + 1
      if (text.startsWith(', ', at)) at += 2
    }
    if (last >= month) return null
    const group = text.slice(from, at)
    groups.push(group.endsWith(', ') ? group.slice(0, -2) : group)
  }
  return text.length === at + 2 && text.endsWith(']}') ? groups : null
}

const prefixes = new WeakMap<readonly HistorySlot[], readonly string[]>()

function prefixesOf(slots: readonly HistorySlot[]): readonly string[] {
  const known = prefixes.get(slots) ?? [
    '{"name": "energy", "month": "',
    ...slots.map(({ name }) => `{"name": "energy", "slot": "${name}", "month": "`),
  ]
  prefixes.set(slots, known)
  return known
}

/** What the bill adds to a state. */
export interface StateGain {
  readonly energyE4: number
  /** By slot number. */
  readonly slotE4: ArrayLike<number>
  /** By block. */
  readonly blockE4: ArrayLike<number>
}

/** The closing state of a bill, as JSON: the opening one, with its energies in the history and in the ladder. */
export function closingText(program: VersionProgram, opening: PlainState, gain: StateGain): string {
  const { historySlots, month, ladder } = program
  const prefix = prefixesOf(historySlots)
  const added = (group: number, valueE4: number) => {
    const before = opening.history[group] ?? ''
    const entry = `${prefix[group]}${month}", "value": "${decimalText(valueE4, energyDecimals)}"}`
    return before === '' ? entry : `${before}, ${entry}`
  }
  const groups = [added(0, gain.energyE4)]
  for (const [index, { slot, always }] of historySlots.entries()) {
    const slotE4 = gain.slotE4[slot] ?? 0
    const text = always || slotE4 !== 0 ? added(index + 1, slotE4) : (opening.history[index + 1] ?? '')
    if (text !== '') groups.push(text)
  }
  const counter = ladder?.goesOn === true ? counterText(ladder, opening.ladder, gain) : ''
  return `${beforeBlocks}${counter}${beforeQuantities}${groups.join(', ')}]}`
}

function counterText(
  { code, scopeFrom, scopeTo, blocks }: LadderProgram,
  before: LadderState,
  gain: StateGain,
): string {
  const byBlock = Array.from(
    { length: blocks },
    (_, block) => (before.byBlockE4?.[block] ?? 0) + (gain.blockE4[block] ?? 0),
  )
  const texts = byBlock.map((valueE4) => `"${decimalText(valueE4, energyDecimals)}"`).join(', ')
  const used = decimalText(before.usedE4 + gain.energyE4, energyDecimals)
  return `{"to": "${scopeTo}", "used": "${used}", "scope": "${scopeFrom}", "byBlock": [${texts}], "component": "${code}"}`
}

/** kWh e4 of a plain decimal; NaN for any other text, and for more than a ladder holds here. */
function parseE4(text: string): number {
  const point = text.indexOf('.')
  const [whole, decimals] = point < 0 ? [text, ''] : [text.slice(0, point), text.slice(point + 1)]
  if (decimals.length > energyDecimals || !/^\d{1,12}$/.test(whole) || !/^\d*$/.test(decimals)) return Number.NaN
  const value = Number(whole + decimals.padEnd(energyDecimals, '0'))
  return value <= highestE4 ? value : Number.NaN
}
