import { decimalText } from './line-texts.js'

/** Energy as it is billed, and as it was frozen once more of meters that store curves; both have the same slots. */
const names = ['active_energy', 'energy'] as const

/** A slot whose energy goes into the history of quantities: always, or where there was any. */
export interface HistorySlot {
  readonly slot: number
  readonly always: boolean
  readonly of: (typeof names)[number]
  /** How an entry begins, as the database writes it, up to its month. */
  readonly head: string
}

/** What of a bill's energy goes into the history of quantities, in order, and under which billing month `YYYY-MM`. */
export interface HistoryProgram {
  readonly history: readonly HistorySlot[]
  readonly month: string
}

/** Energies of months in elements of a JSON array, by group, in order: by name all time, then slots by name. */
export type HistoryText = readonly string[]

const allTime = 0
const energyDecimals = 4

/** By name all time, then slots in order of their names. */
export function historySlots(
  slots: readonly { readonly slot: number; readonly always: boolean; readonly name: string }[],
): readonly HistorySlot[] {
  const inOrder = slots.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return names.flatMap((of) => [
    { slot: allTime, always: true, of, head: `{"name": "${of}", "month": "` },
    ...inOrder.map(({ name, slot, always }) => ({
      slot,
      always,
      of,
      head: `{"name": "${of}", "slot": "${name}", "month": "`,
    })),
  ])
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

/** Energies of a bill, kWh e4: all of it, and by slot number; whether they are known once more as `active_energy`. */
export interface HistoryGain {
  readonly energyE4: number
  readonly slotE4: Float64Array
  readonly hasActiveEnergy: boolean
}

/** With the energies of a bill. */
export function writeHistory(
  { history, month }: HistoryProgram,
  before: HistoryText,
  { energyE4, slotE4, hasActiveEnergy }: HistoryGain,
): string {
  let text = ''
  for (const [group, { slot, always, of, head }] of history.entries()) {
    const valueE4 = slot === allTime ? energyE4 : (slotE4[slot] ?? 0)
    const kept = before[group] ?? ''
    if (kept !== '') text += text === '' ? kept : `, ${kept}`
    if ((of === 'active_energy' && !hasActiveEnergy) || (!always && valueE4 === 0)) continue
    const entry = `${head}${month}", "value": "${decimalText(valueE4, energyDecimals)}"}`
    text += text === '' ? entry : `, ${entry}`
  }
  return text
}
