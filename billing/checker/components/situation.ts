import { child, type Cursor, fraction, isAbsent, items, text } from '../cursor.js'
import { type Rational, zero } from '../rational.js'
import type { Days } from './days.js'
import { onTrust } from './on-trust.js'

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
  /** What lines of components, or of #tags of them, came to: under the same version, or in the whole period. */
  readonly amountOf: (names: Cursor, takes: 'exact' | 'rounded', over: 'segment' | 'period') => Rational
}

/** A quantity of the whole period, in a slot or in all. A slot of a quantity that is known by slot and not in it has seen no use. */
export function quantityOf({ quantities }: Situation, name: string, slot: string | null): Rational {
  const named = items(quantities).filter((one) => child(one, 'name').value === name)
  const found = named.find((one) => (child(one, 'slot').value ?? null) === slot)
  if (found !== undefined) return fraction(child(found, 'value'))
  return slot !== null && named.some((one) => !isAbsent(child(one, 'slot'))) ? zero : onTrust('quantity_not_stated')
}

/** The value of a fact on a day; null where nobody stated it. */
export function factAt({ usage, part, isByTime }: Situation, name: string, date: string): unknown {
  const facts = child(usage, 'facts')
  const named = isAbsent(facts) ? [] : items(facts).filter((one) => text(child(one, 'name')) === name)
  const dated = named.map((one) => ({
    value: child(one, 'value').value,
    from: dayOf(child(one, 'from')) ?? '',
    to: dayOf(child(one, 'to')) ?? '9999-12-31',
  }))
  const on = (day: string) => dated.find(({ from, to }) => from <= day && day < to)?.value ?? null
  const found = on(date)
  const changes = dated.flatMap(({ from, to }) => [from, to]).filter((day) => part.from < day && day < part.to)
  // A part that time is charged for has one answer throughout.
  const isCut = isByTime && part.from <= date && date < part.to && changes.some((day) => on(day) !== found)
  return isCut ? onTrust('cut_period') : found
}

/** A local day; what is not one is not followed here. */
function dayOf(cursor: Cursor): string | null {
  if (isAbsent(cursor)) return null
  const said = text(cursor)
  return said.length === 10 ? said : onTrust('cut_period')
}

/** Whether what is charged is the whole period. */
export function isWhole({ part, whole }: Situation): boolean {
  return part.from === whole.from && part.to === whole.to
}
