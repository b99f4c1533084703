import { formatRational, type Rational } from '../../domain/rational.js'
import type { Step } from './charged-line.js'

/** Writes down how a quantity came about. Called where somebody asked (`note?.(…)`), so that nobody else pays for the texts. */
export type Note = (rule: string, inputs: Readonly<Record<string, string>>, result: Rational) => void

/** Notes of a period in the order in which they come, each once: several components ask for the same demand. */
export interface Notes {
  readonly note: Note
  readonly steps: () => readonly Step[]
}

export function createNotes(): Notes {
  const noted = new Map<string, Step>()
  return {
    note: (rule, inputs, result) => {
      const step = { rule, inputs, result: formatRational(result) }
      noted.set(JSON.stringify(step), step)
    },
    steps: () => [...noted.values()],
  }
}
