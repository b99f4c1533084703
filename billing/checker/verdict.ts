import type { TrustedLines } from './components/on-trust.js'
import type { Cursor } from './cursor.js'
import { Fault } from './fault.js'

/** Lines that were worked out once more, and those whose quantities and prices were not. */
export interface LinesChecked {
  readonly workedOut: number
  readonly onTrust: readonly TrustedLines[]
  /** Quantities beside the energy that were rated and that nothing in the proof leads to. */
  readonly untraced: readonly string[]
}

/** The first node that does not hold, with what it should be. */
export interface FoundFault {
  readonly holds: false
  readonly node: string
  readonly expected: string
  readonly found: string
}

/** Either the whole proof holds, or the first node that does not. */
export type ProofVerdict = { readonly holds: true; readonly lines: LinesChecked } | FoundFault

/** What a check of a whole proof says: the first fault that it throws, or that it holds. */
export function verdictOf(check: (proof: Cursor) => LinesChecked, json: unknown): ProofVerdict {
  return judged(() => ({ holds: true, lines: check({ value: json, path: '' }) }))
}

/** What a check answers, or the fault that it throws. */
export function judged<Verdict>(check: () => Verdict): Verdict | FoundFault {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { node, expected, found } = error
    return { holds: false, node, expected, found }
  }
}
