import { child, childOr, type Cursor, fraction, isAbsent, items, text, whole } from '../cursor.js'
import { add, maximum, type Rational, zero } from '../rational.js'
import { daysIn } from './days.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

interface Unit {
  readonly rating: Rational
  readonly state: string
  readonly interlock: string | null
  readonly from: string
  readonly to: string
}

const always = '0000-01-01'
const forever = '9999-12-31'

/** kVA or kW of the equipment that is charged on a day; of a group that is interlocked the largest. Where that changes within a part, it is not followed. */
export function equipmentOn(expression: Cursor, at: Situation): Rational {
  const units = items(childOr(at.usage, 'equipment', [])).map(toUnit)
  const charged = new Set(items(child(expression, 'charged')).map(text))
  const least = child(expression, 'leastSuspendedDays')
  const leastDays = isAbsent(least) ? 0n : BigInt(whole(least))
  const counts = ({ state, from, to }: Unit) =>
    charged.has(state) ||
    (state === 'suspended' && from !== always && to !== forever && daysIn({ from, to }) < leastDays)
  const on = (day: string) => sumOfGroups(units.filter((unit) => unit.from <= day && day < unit.to && counts(unit)))
  const found = on(at.at)
  const { part, isByTime } = at
  const changes = units.flatMap(({ from, to }) => [from, to]).filter((day) => part.from < day && day < part.to)
  const isOther = (day: string) => {
    const other = on(day)
    return other.numerator * found.denominator !== found.numerator * other.denominator
  }
  return isByTime && changes.some(isOther) ? onTrust('cut_period') : found
}

function toUnit(entry: Cursor): Unit {
  const dayOf = (name: string, implied: string) => {
    const said = child(entry, name)
    if (isAbsent(said)) return implied
    return text(said).length === implied.length ? text(said) : onTrust('cut_period')
  }
  const interlock = child(entry, 'interlock')
  return {
    rating: fraction(child(entry, 'rating')),
    state: text(child(entry, 'state')),
    interlock: isAbsent(interlock) ? null : text(interlock),
    from: dayOf('from', always),
    to: dayOf('to', forever),
  }
}

function sumOfGroups(units: readonly Unit[]): Rational {
  const groups = new Map<string, Rational>()
  let alone = zero
  for (const { rating, interlock } of units)
    if (interlock === null) alone = add(alone, rating)
    else groups.set(interlock, maximum(groups.get(interlock) ?? zero, rating))
  return [...groups.values()].reduce(add, alone)
}
