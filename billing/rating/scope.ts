import { add, compare, divide, formatRational, multiply, one, type Rational, sum, zero } from '../../domain/rational.js'
import { addDays, type Instant, type LocalDate } from '../../domain/time.js'
import type { Block, Scope } from '../tariffs/components/component-schema.js'
import type { Expression } from '../tariffs/components/expression-schema.js'
import { constantOf } from './constants.js'
import type { Frame } from './context.js'
import { dates, evaluate } from './evaluate.js'
import { addMonths, daysOf, type DateSpan, lastDay, monthsFrom, monthsOf, monthStart, wholeMonths } from './months.js'
import { refuse } from './refusal.js'
import type { Span } from './usage/local-time.js'

/** One day, month, year … within which blocks fill, and the part of a frame's time that belongs to it. */
export interface ScopeInstance extends DateSpan {
  readonly span: Span
  /** Where the scope's part of the period ends, which a frame may not reach. */
  readonly until: Instant
}

/**
 * The instances of a scope that a frame's time falls into. `period_crosses_scope`: the period runs over the end of one, and the scope does
 * not say what then.
 */
export function instancesOf(scope: Scope, frame: Frame): readonly ScopeInstance[] {
  const { calendar, span: period } = frame.context
  if (scope.of === 'period') return [{ ...dates(frame, period), span: frame.span, until: period.to }]
  const periodDates = dates(frame, period)
  const ofLastDay = instanceAt(scope, lastDay(periodDates))
  const isWithin = ofLastDay.from <= periodDates.from
  if (scope.of !== 'day' && (isWithin || scope.crossing === 'period_end'))
    return [{ ...ofLastDay, span: frame.span, until: period.to }]
  if (scope.of !== 'day' && scope.crossing === 'refuse')
    return refuse(
      'period_crosses_scope',
      frame.path,
      `the period begins before the ${scope.of} of ${ofLastDay.from}: let the scope say crossing: split or period_end`,
    )
  const instances: ScopeInstance[] = []
  for (let instant = frame.span.from; instant < frame.span.to; ) {
    const instance = instanceAt(scope, calendar.dateAt(instant))
    const end = calendar.startOfDay(instance.to)
    const to = Math.min(end, frame.span.to)
    instances.push({ ...instance, span: { from: instant, to }, until: Math.min(end, period.to) })
    instant = to
  }
  return instances
}

const scopeMonths = { month: 1, quarter: 3, year: 12 } as const

/** The instance of a scope that holds a local day. */
export function instanceAt({ of, yearStart }: Pick<Scope, 'of' | 'yearStart'>, date: LocalDate): DateSpan {
  if (of === 'day' || of === 'period') return { from: date, to: addDays(date, 1) }
  const first = `${date.slice(0, 4)}-${yearStart}`
  const year = first <= date ? first : addMonths(first, -12)
  const index = monthsFrom(year, addDays(date, 1)).length - 1
  const length = scopeMonths[of]
  const start = addMonths(year, index - (index % length))
  return { from: start, to: addMonths(start, length) }
}

/** Time that gives room in a scope: so many times a bound, with the facts of a moment, which a constant bound does not ask for. */
interface Room {
  readonly times: Rational
  readonly at: () => Instant
}

/** Upper bounds of the blocks in an instance; null for the last one, which has none. Ascending from zero, or `block_bounds_out_of_order`. */
export function boundsOf(
  blocks: readonly Block[],
  scope: Scope,
  instance: ScopeInstance,
  frame: Frame,
): readonly (Rational | null)[] {
  const rooms = roomsOf(scope, instance, frame)
  const bounds = blocks.map(({ upTo }) => (upTo === undefined ? null : sumOfRooms(upTo, rooms, frame)))
  for (const [index, bound] of bounds.entries()) {
    const before = index === 0 ? zero : (bounds[index - 1] ?? null)
    const isAscending = before !== null && (bound === null || compare(bound, before) >= 0)
    if (!isAscending)
      return refuse(
        'block_bounds_out_of_order',
        `${frame.path}.model.blocks.${index}.upTo`,
        `bounds come to ${bounds.map((each) => (each === null ? 'none' : formatRational(each))).join(', ')}`,
      )
  }
  return bounds
}

/** So much as an expression gives room for in an instance: times days or months, with the facts of each month. */
export function roomIn(expression: Expression, scope: Scope, instance: ScopeInstance, frame: Frame): Rational {
  return sumOfRooms(expression, roomsOf(scope, instance, frame), frame)
}

function sumOfRooms(expression: Expression, rooms: readonly Room[], frame: Frame): Rational {
  // A constant does not ask what holds in each month.
  const constant = typeof expression === 'string' ? constantOf(expression) : null
  if (constant !== null) return multiply(constant, sum(rooms.map(({ times }) => times)))
  return rooms.reduce(
    (total, { times, at }) =>
      add(total, multiply(times, evaluate(expression, { ...frame, at: at(), over: 'period', slot: null }))),
    zero,
  )
}

function roomsOf(scope: Scope, instance: ScopeInstance, frame: Frame): readonly Room[] {
  const { times } = scope
  const at = () => Math.max(frame.at, frame.context.calendar.startOfDay(instance.from))
  if (times === 'once') return [{ times: one, at }]
  const used = inUse(scope, instance, frame)
  if (times === 'days') return [{ times: used === null ? zero : daysOf(used), at }]
  if (scope.of === 'period') return periodRooms(scope, instance, frame)
  if (used === null) return []
  return monthsFrom(instance.from, instance.to).flatMap((month) => {
    const shared = overlapOf(month, used)
    if (shared === null) return []
    const counted = times === 'months' ? one : divide(daysOf(shared), daysOf(month))
    return [{ times: counted, at: factsMoment(scope, shared, frame) }]
  })
}

/** Months of a period are those that it states or runs over; otherwise calendar months, of which a started one counts whole, or by its days. */
function periodRooms(scope: Scope, instance: ScopeInstance, frame: Frame): readonly Room[] {
  const { period } = frame.context
  const whole = wholeMonths(instance)
  if (period.months === undefined && whole === null)
    return monthsFrom(monthStart(instance.from), instance.to).map(({ from }) => {
      const month = { from, to: addMonths(from, 1) }
      const shared = overlapOf(month, instance) ?? instance
      const times = scope.times === 'months' ? one : divide(daysOf(shared), daysOf(month))
      return { times, at: factsMoment(scope, shared, frame) }
    })
  if (period.months === undefined && whole !== null)
    return monthsFrom(instance.from, instance.to).map((month) => ({
      times: one,
      at: factsMoment(scope, month, frame),
    }))
  const counted = monthsOf(instance, instance, period.months, scope.times === 'months' ? 'whole' : 'calendar')
  return [{ times: counted, at: factsMoment(scope, instance, frame) }]
}

/** A bill knows nothing that begins after its period: what is granted later does not change it, and what holds at its end is taken to go on. */
function factsMoment({ factsAt }: Scope, month: DateSpan, { context: { calendar, span } }: Frame): () => Instant {
  return () =>
    Math.min(factsAt === 'start' ? calendar.startOfDay(month.from) : calendar.startOfDay(month.to) - 1, span.to - 1)
}

/** Days of the instance that the account has room for. */
function inUse(scope: Scope, instance: ScopeInstance, frame: Frame): DateSpan | null {
  const { usage, period } = frame.context
  const from = usage.inUseFrom === undefined || usage.inUseFrom < instance.from ? instance.from : usage.inUseFrom
  const isCut = scope.prorateOn.some((kind) => kind === period.kind)
  const end = dates(frame, frame.context.span).to
  const to = isCut && end < instance.to ? end : instance.to
  return from < to ? { from, to } : null
}

function overlapOf(a: DateSpan, b: DateSpan): DateSpan | null {
  const [from, to] = [a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to]
  return from < to ? { from, to } : null
}
