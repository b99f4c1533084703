import type { Grammar } from './grammar/grammar.js'

/** One decoder under test. */
export interface Target {
  readonly name: string
  /** Share of the inputs, beside the weights of the other targets. */
  readonly weight: number
  readonly grammar: Grammar
  /** Which files of the corpus it takes: bytes written in hexadecimal, or JSON as it is. */
  readonly corpus: 'hex' | 'json'
  /**
   * Throws when the decoder throws or breaks a rule. Follows from the input alone: what else it needs, such as where to cut a
   * stream, it takes from the input's hash.
   */
  readonly check: (input: Buffer) => void
}
