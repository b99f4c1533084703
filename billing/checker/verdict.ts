import type { Cursor } from './cursor.js'
import { Fault } from './fault.js'

/** Either the whole proof holds, or the first node that does not, with what it should be. */
export type ProofVerdict =
  | { readonly holds: true }
  | { readonly holds: false; readonly node: string; readonly expected: string; readonly found: string }

/** What a check of a whole proof says: the first fault that it throws, or that it holds. */
export function verdictOf(check: (proof: Cursor) => void, json: unknown): ProofVerdict {
  try {
    check({ value: json, path: '' })
    return { holds: true }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { node, expected, found } = error
    return { holds: false, node, expected, found }
  }
}
