import { decimalText } from './line-texts.js'

/** A slot whose energy goes into the history of quantities: always, or where there was any. */
export interface HistorySlot {
  readonly slot: number
  readonly always: boolean
  /** How an entry begins, as the database writes it, up to its month. */
  readonly head: string
}

/** What of a bill's energy goes into the history of quantities, in order, and under which billing month `YYYY-MM`. */
export interface HistoryProgram {
  readonly history: readonly HistorySlot[]
  readonly month: string
}

/** Energies of months in elements of a JSON array, by group, in order: all time, then slots by name. */
export type HistoryText = readonly string[]

const allTime = 0
const energyDecimals = 4

/** All time, then slots in order of their names. */
export function historySlots(
  slots: readonly (Omit<HistorySlot, 'head'> & { readonly name: string })[],
): readonly HistorySlot[] {
  return [
    { slot: allTime, always: true, head: '{"name": "energy", "month": "' },
    ...slots
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, slot, always }) => ({ slot, always, head: `{"name": "energy", "slot": "${name}", "month": "` })),
  ]
}

/**
 * Groups at `start` of a closing state's text, up to the array's end; null where something else stands among them, or a month that is not
 * before the program's.
 */
export function readHistory(text: string, start: number, { history, month }: HistoryProgram): HistoryText | null {
  const groups: string[] = []
  let at = start
  for (const { head } of history) {
    const from = at
    let [last, end] = ['', at]
    while (text.startsWith(head, at)) {
      last = text.slice(at + head.length, at + head.length + month.length)
      end = text.indexOf('}', at) + 1
      at = text.startsWith(', ', end) ? end + 2 : end
    }
    if (last >= month) return null
    groups.push(text.slice(from, end))
  }
  return text.length === at + 2 && text.endsWith(']}') ? groups : null
}

/** With the energies of a bill: all of it, and by slot number. */
export function writeHistory(
  { history, month }: HistoryProgram,
  before: HistoryText,
  energyE4: number,
  slotE4: Float64Array,
): string {
  let text = ''
  for (let group = 0; group < history.length; group++) {
    const { slot = allTime, always = true, head = '' } = history[group] ?? {}
    const valueE4 = group === 0 ? energyE4 : (slotE4[slot] ?? 0)
    const kept = before[group] ?? ''
    if (kept !== '') text += text === '' ? kept : `, ${kept}`
    if (!always && valueE4 === 0) continue
    const entry = `${head}${month}", "value": "${decimalText(valueE4, energyDecimals)}"}`
    text += text === '' ? entry : `, ${entry}`
  }
  return text
}
