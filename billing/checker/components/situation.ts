import type { Cursor } from '../cursor.js'
import type { Rational } from '../rational.js'
import type { Days } from './days.js'

/** What a charge is worked out from: the version, the usage, the quantities that the bill states, and the days that are charged. */
export interface Situation {
  readonly version: Cursor
  readonly usage: Cursor
  /** The one period of the usage. */
  readonly period: Cursor
  readonly quantities: Cursor
  readonly kind: string
  /** `YYYY-MM`. */
  readonly billingMonth: string
  readonly whole: Days
  readonly part: Days
  /** Day whose facts hold. */
  readonly at: string
  /** What is charged for time is cut where a fact changes; anything else takes the facts of its last day. */
  readonly isByTime: boolean
  readonly slot: string | null
  /** The calendar by whose slots a component charges. */
  readonly calendar: string | null
  /** What lines of components, or of #tags of them, came to: under the same version, or in the whole period. */
  readonly amountOf: (names: Cursor, takes: 'exact' | 'rounded', over: 'segment' | 'period') => Rational
}

/** Whether what is charged is the whole period. */
export function isWhole({ part, whole }: Situation): boolean {
  return part.from === whole.from && part.to === whole.to
}
