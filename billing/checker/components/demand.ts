import { child, childOr, type Cursor, isAbsent, text, whole } from '../cursor.js'
import { add, compare, divide, integer, maximum, type Rational, sum, zero } from '../rational.js'
import { beginsEarlier, dayStart, type Interval, intervalsOf, minuteMs } from './intervals.js'
import { onTrust } from './on-trust.js'
import { isWhole, type Situation } from './situation.js'

const dayMs = 86_400_000

interface Window {
  readonly day: number
  readonly power: Rational
}

/**
 * Demand that a version derives from intervals: mean power over windows of the period, of which the highest counts, the mean of the highest ones,
 * or the sum of each day's highest. Windows of one slot are not followed.
 */
export function demandOf(rule: Cursor, at: Situation): Rational {
  if (!isAbsent(child(rule, 'slot')) || at.slot !== null) return onTrust('unknown_operation')
  // Windows that reach over an end of the period are not followed.
  if (1440 % whole(child(rule, 'minutes')) !== 0 || hasEarlier(at, rule)) return onTrust('unknown_operation')
  const intervals = intervalsOf(at, text(child(rule, 'of')))
  const windows = windowsOf(intervals, rule, dayStart(at.whole.from))
  const take = childOr(rule, 'take', 'highest')
  if (take.value === 'highest') return highest(windows.map(({ power }) => power))
  if (take.value === 'sum_of_days') return isWhole(at) ? sum(highestByDay(windows)) : onTrust('cut_period')
  const powers =
    child(take, 'onDifferentDays').value === true ? highestByDay(windows) : windows.map(({ power }) => power)
  const counted = powers.toSorted((a, b) => compare(b, a)).slice(0, whole(child(take, 'meanOf')))
  return counted.length === 0 ? zero : divide(sum(counted), integer(BigInt(counted.length)))
}

function hasEarlier(at: Situation, rule: Cursor): boolean {
  return childOr(rule, 'window', 'block').value === 'rolling' && beginsEarlier(at, text(child(rule, 'of')))
}

function highest(powers: readonly Rational[]): Rational {
  return powers.reduce(maximum, zero)
}

function highestByDay(windows: readonly Window[]): readonly Rational[] {
  const days = new Map<number, Rational>()
  for (const { day, power } of windows) days.set(day, maximum(days.get(day) ?? zero, power))
  return [...days.values()]
}

/** Windows from local midnight on, or from each interval on. */
function windowsOf(intervals: readonly Interval[], rule: Cursor, start: number): readonly Window[] {
  const minutes = BigInt(whole(child(rule, 'minutes')))
  const length = Number(minutes) * minuteMs
  const isRolling = childOr(rule, 'window', 'block').value === 'rolling'
  const hours = divide(integer(minutes), integer(60n))
  const windows: Window[] = []
  for (const [first, { from }] of intervals.entries()) {
    if (!isRolling && ((from - start) % dayMs) % length !== 0) continue
    let [reached, energy] = [from, zero]
    for (let index = first; reached < from + length; index += 1) {
      const next = intervals[index]
      if (next === undefined) break
      ;[reached, energy] = [next.to, add(energy, next.value)]
    }
    if (reached > from + length) return onTrust('unknown_operation')
    // A window over midnight is of the day in which it ends.
    if (reached === from + length)
      windows.push({ day: Math.floor((reached - 1 - start) / dayMs), power: divide(energy, hours) })
  }
  return windows
}
