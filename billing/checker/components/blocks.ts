import { child, childOr, type Cursor, fraction, isAbsent, items, text } from '../cursor.js'
import {
  add,
  ceiling,
  compare,
  integer,
  maximum,
  minimum,
  multiply,
  type Rational,
  subtract,
  sum,
  zero,
} from '../rational.js'
import {
  calendarMonths,
  dayBefore,
  type Days,
  daysIn,
  isOfWholeMonths,
  monthsLater,
  monthsOf,
  sharedDays,
} from './days.js'
import { evaluate } from './evaluate.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

const monthsOfScope: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }

/** What blocks fill over; the period, where a model does not say. */
export function scopeOf(model: Cursor): Cursor {
  return childOr(model, 'scope', { of: 'period' })
}

/** The days over which blocks fill that hold the last day of the period; the period does not reach out of them. */
export function scopeDays(scope: Cursor, { whole }: Situation): Days {
  const of = text(child(scope, 'of'))
  if (of === 'period') return whole
  const length = monthsOfScope[of] ?? onTrust('unknown_scope')
  const [yearStart, last] = [text(childOr(scope, 'yearStart', '01-01')), dayBefore(whole.to)]
  if (yearStart.slice(3) > '28') return onTrust('unknown_scope')
  const first = `${last.slice(0, 4)}-${yearStart}`
  const year = first <= last ? first : monthsLater(first, -12)
  const starts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((index) => monthsLater(year, index - (index % length)))
  const from = starts.findLast((start) => start <= last) ?? onTrust('unknown_scope')
  if (from > whole.from && text(childOr(scope, 'crossing', 'refuse')) !== 'period_end') return onTrust('unknown_scope')
  return { from, to: monthsLater(from, length) }
}

/** Upper bounds of blocks in a scope, null for one without; times the days or months that give room in it. */
export function boundsOf(model: Cursor, days: Days, at: Situation): readonly (Rational | null)[] {
  return items(child(model, 'blocks')).map((block) => {
    const upTo = child(block, 'upTo')
    return isAbsent(upTo) ? null : roomIn(upTo, scopeOf(model), days, at)
  })
}

/** So much as an expression gives room for in a scope. */
export function roomIn(expression: Cursor, scope: Cursor, days: Days, at: Situation): Rational {
  const rooms = roomsOf(scope, days, at)
  return sum(rooms.map((room) => multiply(room.times, evaluate(expression, { ...at, at: room.at, slot: null }))))
}

interface Room {
  readonly times: Rational
  readonly at: string
}

function roomsOf(scope: Cursor, days: Days, situation: Situation): readonly Room[] {
  const at = situation.at > days.from ? situation.at : days.from
  const times = text(childOr(scope, 'times', 'once'))
  if (times === 'once') return [{ times: integer(1n), at }]
  const used = daysInUse(scope, days, situation)
  if (times === 'days') return [{ times: integer(used === null ? 0n : daysIn(used)), at }]
  const isAtEnd = text(childOr(scope, 'factsAt', 'start')) === 'end'
  if (text(child(scope, 'of')) === 'period') return roomsOfPeriod(times, isAtEnd, situation)
  return monthsOf(days).flatMap((month) => {
    const shared = used === null ? null : sharedDays(month, used)
    if (shared === null) return []
    const counted = times === 'months' ? integer(1n) : { numerator: daysIn(shared), denominator: daysIn(month) }
    const [moment, last] = [isAtEnd ? dayBefore(shared.to) : shared.from, dayBefore(situation.whole.to)]
    return [{ times: counted, at: moment < last ? moment : last }]
  })
}

/** Months of a period are those that it states or runs over, else those of the calendar that it touches. */
function roomsOfPeriod(times: string, isAtEnd: boolean, { whole, period }: Situation): readonly Room[] {
  const stated = child(period, 'months')
  const momentOf = ({ from, to }: Days) => (isAtEnd ? dayBefore(to) : from)
  if (!isAbsent(stated))
    return [{ times: times === 'months' ? ceiling(fraction(stated)) : fraction(stated), at: momentOf(whole) }]
  if (isOfWholeMonths(whole)) return monthsOf(whole).map((month) => ({ times: integer(1n), at: momentOf(month) }))
  return calendarMonths(whole).map((month) => {
    const shared = sharedDays(month, whole) ?? whole
    const counted = times === 'months' ? integer(1n) : { numerator: daysIn(shared), denominator: daysIn(month) }
    return { times: counted, at: momentOf(shared) }
  })
}

/** Days of a scope since the account is there, and until it leaves where the scope is cut then. */
function daysInUse(scope: Cursor, days: Days, { usage, kind, whole }: Situation): Days | null {
  const since = child(usage, 'inUseFrom')
  const isCut = items(childOr(scope, 'prorateOn', [])).some(({ value }) => value === kind)
  return sharedDays(days, {
    from: isAbsent(since) ? days.from : text(since),
    to: isCut ? whole.to : days.to,
  })
}

/** What each block holds of a cumulative quantity; what lies beyond the last bound comes last. A negative quantity lies in the first. */
export function contentsOf(bounds: readonly (Rational | null)[], used: Rational): readonly Rational[] {
  const lowers = [null, ...bounds]
  const contents = bounds.map((bound, block) => {
    const upper = bound === null ? used : minimum(used, bound)
    const lower = lowers[block] ?? null
    return lower === null ? upper : maximum(zero, subtract(upper, lower))
  })
  const last = bounds.at(-1) ?? null
  return [...contents, last === null ? zero : maximum(zero, subtract(used, last))]
}

/** Where the counter of a component stood when the period began. */
export interface Counter {
  readonly used: Rational
  readonly byBlock: readonly Rational[]
  /** Nothing was counted in the scope before. */
  readonly isNew: boolean
}

export function counterOf({ usage }: Situation, component: string, scope: Days, slot: string | null): Counter {
  const opening = child(usage, 'opening')
  const blocks = isAbsent(opening) ? opening : child(opening, 'blocks')
  const counter = (isAbsent(blocks) ? [] : items(blocks)).find(
    (one) =>
      child(one, 'component').value === component &&
      child(one, 'scope').value === scope.from &&
      (child(one, 'slot').value ?? null) === slot,
  )
  if (counter === undefined) return { used: zero, byBlock: [], isNew: true }
  return {
    used: fraction(child(counter, 'used')),
    byBlock: items(child(counter, 'byBlock')).map(fraction),
    isNew: false,
  }
}

/** How a quantity moves through the blocks; cleared anew, blocks get what they would hold less what they were charged for. */
export function gainsOf(
  scope: Cursor,
  bounds: readonly (Rational | null)[],
  { used, byBlock }: Pick<Counter, 'used' | 'byBlock'>,
  quantity: Rational,
  kind: string,
): readonly Rational[] {
  const reclear = text(childOr(scope, 'reclear', 'never'))
  const isReclearing = reclear === 'always' || (reclear === 'transfer_and_closing' && kind !== 'regular')
  // A state that says only how much was used says it as the bounds do.
  const before = isReclearing && byBlock.length > 0 ? byBlock : contentsOf(bounds, used)
  return contentsOf(bounds, add(used, quantity)).map((content, block) => subtract(content, before[block] ?? zero))
}

/** The block, from nothing, that a number chooses; -1 beyond the last. */
export function chosenBlock(model: Cursor, bounds: readonly (Rational | null)[], chooser: Rational): number {
  const isExcluded = child(model, 'upperBound').value === 'excluded'
  return bounds.findIndex((bound) => {
    if (bound === null) return true
    const order = compare(chooser, bound)
    return isExcluded ? order < 0 : order <= 0
  })
}
