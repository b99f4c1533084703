import type { Rational } from '../../domain/rational.js'
import type { Span } from './usage/local-time.js'

/** One line of a bill. `amountExact` = quantity × unit price × multiple and is never rounded. */
export interface ChargedLine extends Span {
  readonly component: string
  readonly slot: string | null
  readonly block: number | null
  readonly segment: number
  readonly quantity: Rational | null
  readonly unit: string | null
  /** Null where each interval has its own. */
  readonly unitPrice: Rational | null
  readonly multiple: Rational
  readonly amountExact: Rational
  readonly amount: Rational
  readonly version: number
  /** Contained in other lines: shown, not added. */
  readonly included: boolean
  readonly steps: readonly Step[]
}

/** One step of a derivation: the rule, what went in, what came out. There are none where nobody asked. */
export interface Step {
  readonly rule: string
  readonly inputs: Readonly<Record<string, string>>
  readonly result: string
}

/** What a rule charges, before multiple and rounding. */
export interface Charge {
  readonly slot?: string | null
  readonly block?: number | null
  readonly span?: Span
  readonly quantity: Rational | null
  readonly unit: string | null
  readonly unitPrice: Rational | null
  /** Absent: quantity × unit price. */
  readonly exact?: Rational
  readonly included?: boolean
  readonly steps?: readonly Step[]
}
