import {
  child,
  childOr,
  type Cursor,
  fraction,
  instant,
  isAbsent,
  items,
  localMidnight,
  members,
  text,
  whole,
} from '../cursor.js'
import { divide, integer, multiply, type Rational } from '../rational.js'
import { onTrust } from './on-trust.js'
import type { Situation } from './situation.js'

export const minuteMs = 60_000
/** The clocks that the checker knows. */
const knownZone = 'Asia/Shanghai'

/** Use of one interval [from, to), epoch milliseconds. */
export interface Interval {
  readonly from: number
  readonly to: number
  readonly value: Rational
}

/** What was read of a period before: its quantities are asked for again and again. */
const known = new WeakMap<object, Map<string, readonly Interval[]>>()

/** The intervals of a quantity that touch the period, in order, without a gap or two at once; what factors or losses change is not followed. */
export function intervalsOf({ usage, period, whole: days }: Situation, name: string): readonly Interval[] {
  if (text(child(usage, 'zone')) !== knownZone) return onTrust('unknown_operation')
  const isChanged = ['correctionFactors', 'relations', 'losses'].some(
    (list) => items(childOr(period, list, [])).length > 0,
  )
  if (isChanged) return onTrust('quantity_not_stated')
  const memory = known.get(members(period)) ?? new Map<string, readonly Interval[]>()
  known.set(members(period), memory)
  const before = memory.get(name)
  if (before !== undefined) return before
  const own = entriesOf({ usage, period }, name)
  if (own.length === 0 || own.some((entry) => isAbsent(child(entry, 'intervals'))))
    return onTrust('quantity_not_stated')
  const [start, end] = [dayStart(days.from), dayStart(days.to)]
  const found = own
    .flatMap(readIntervals)
    .filter(({ from, to }) => from < end && to > start)
    .toSorted((a, b) => a.from - b.from)
  const reached = found.reduce(
    (until, { from, to }) => (from === until ? to : Number.NaN),
    found[0]?.from ?? Number.NaN,
  )
  if (found[0]?.from !== start || reached !== end) return onTrust('quantity_not_stated')
  memory.set(name, found)
  return found
}

/** Whether a quantity is given as intervals. */
export function isByInterval(at: Situation, name: string): boolean {
  return entriesOf(at, name).some((entry) => !isAbsent(child(entry, 'intervals')))
}

/** Whether intervals of a quantity are given of the time before the period. */
export function beginsEarlier(at: Situation, name: string): boolean {
  const start = dayStart(at.whole.from)
  return entriesOf(at, name).some((entry) => {
    const intervals = child(entry, 'intervals')
    return !isAbsent(intervals) && momentOf(child(intervals, 'start')) < start
  })
}

function entriesOf({ usage, period }: Pick<Situation, 'usage' | 'period'>, name: string): readonly Cursor[] {
  const entries = [...items(childOr(usage, 'quantities', [])), ...items(childOr(period, 'quantities', []))]
  return entries.filter((entry) => child(entry, 'name').value === name)
}

export function dayStart(day: string): number {
  return localMidnight({ value: day, path: '' })
}

/** A local midnight by its day, any other instant in UTC. */
export function momentOf(cursor: Cursor): number {
  const said = text(cursor)
  if (said.length === 10) return localMidnight(cursor)
  return said.endsWith('Z') ? instant(cursor) : onTrust('unknown_operation')
}

function readIntervals(entry: Cursor): readonly Interval[] {
  const intervals = child(entry, 'intervals')
  const minutes = whole(child(intervals, 'minutes'))
  const first = momentOf(child(intervals, 'start'))
  const isPower = ['kW', 'kvar', 'kVA'].includes(text(child(intervals, 'unit')))
  const hours = divide(integer(BigInt(minutes)), integer(60n))
  const factor = multiply(fraction(childOr(entry, 'factor', '1')), fraction(childOr(intervals, 'multiplier', '1')))
  const times = isPower ? multiply(factor, hours) : factor
  return items(child(intervals, 'values')).map((value, index) => {
    const from = first + index * minutes * minuteMs
    return { from, to: from + minutes * minuteMs, value: multiply(fraction(value), times) }
  })
}
