import { child, type Cursor, isAbsent, items, text } from '../cursor.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

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
