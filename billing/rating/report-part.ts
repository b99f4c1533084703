import { type Rational, sum } from '../../domain/rational.js'
import type { Derived, PeriodContext } from './context.js'
import { overlap, type Span } from './usage/local-time.js'

export interface ReportedPart {
  readonly name: string
  readonly slot: string | null
  readonly span: Span
  readonly value: Rational
  readonly demand?: Derived['demand']
}

/**
 * Reports a quantity that a rule asked for, in a part of the period: parts that follow each other add up, and one that is asked again (by
 * another component, over other cuts) takes the place of those that it overlaps.
 */
export function reportPart({ derived }: Pick<PeriodContext, 'derived'>, part: ReportedPart): void {
  const { name, slot, span, value, demand } = part
  const id = `${name} ${slot ?? ''}`
  const others = (derived.get(id)?.parts ?? []).filter((other) => overlap(other, span) === null)
  const parts = [...others, { ...span, value }]
  derived.set(id, {
    name,
    slot,
    value: sum(parts.map((one) => one.value)),
    parts,
    ...(demand === undefined ? {} : { demand }),
  })
}
