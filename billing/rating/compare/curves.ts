import { divide, isZero, multiply } from '../../../domain/rational.js'
import { addDays, type Calendar, datesIn, dayMs, type Instant, type LocalDate, minuteMs } from '../../../domain/time.js'
import { instantOf, overlap, type Span } from '../usage/local-time.js'
import type { IntervalsEntry, UsageDocument } from '../usage/usage-schema.js'
import { CurveNotLaid } from './curve-not-laid.js'
import type { DayMap, PeriodPair } from './day-map.js'
import { meteredTotal } from './metered-total.js'
import { scaleEntry } from './scale-entry.js'

/**
 * The same usage with every curve in the period that it runs over, so that each period can be scaled by itself. What comes before the first
 * period stays where it was, for demand windows that begin there.
 */
export function withOwnCurves(calendar: Calendar, usage: UsageDocument, spans: readonly Span[]): UsageDocument {
  if (usage.quantities.length === 0) return usage
  const before: Span = { from: Number.NEGATIVE_INFINITY, to: spans[0]?.from ?? 0 }
  const partsIn = (span: Span) => usage.quantities.flatMap((entry) => partOf(calendar, entry, span))
  return {
    ...usage,
    quantities: partsIn(before),
    periods: usage.periods.map((period, index) => {
      const span = spans[index]
      return span === undefined ? period : { ...period, quantities: [...partsIn(span), ...period.quantities] }
    }),
  }
}

function partOf(calendar: Calendar, entry: IntervalsEntry, span: Span): readonly IntervalsEntry[] {
  const { start, minutes, values } = entry.intervals
  const first = instantOf(calendar, start, `usage.quantities.${entry.name}.intervals.start`)
  const stepMs = minutes * minuteMs
  const isWithin = (index: number) =>
    overlap({ from: first + index * stepMs, to: first + (index + 1) * stepMs }, span) !== null
  const kept = values.filter((_, index) => isWithin(index))
  const begin = values.findIndex((_, index) => isWithin(index))
  return kept.length === 0
    ? []
    : [{ ...entry, intervals: { ...entry.intervals, start: instantText(first + begin * stepMs), values: kept } }]
}

/**
 * A curve of a period laid on the days of the other: each day takes the values of the day that stands at its place, and all of them are
 * scaled so that the total grows exactly as the days do. `curve_not_laid` where that cannot be.
 */
export function laidCurve(map: DayMap, pair: PeriodPair, entry: IntervalsEntry): readonly IntervalsEntry[] {
  const path = `usage.periods.quantities.${entry.name}`
  const { calendar } = map
  const { values, minutes } = entry.intervals
  const valueAt = valuesOf(calendar, entry, pair.span, path)
  const laid = datesIn(pair.targetDates.from, pair.targetDates.to).flatMap((date) =>
    laidDay(map, date, minutes, valueAt),
  )
  const found = laid.filter(({ value }) => value !== null)
  const begin = found[0]
  if (begin === undefined)
    return values.length === 0 || isZero(meteredTotal(calendar, [entry], pair.span)) ? [] : cannotBeLaid(path)
  const texts = found.map(({ value }) => value ?? '0')
  const moved = { ...entry, intervals: { ...entry.intervals, start: instantText(begin.at), values: texts } }
  const [was, is] = [meteredTotal(calendar, [entry], pair.span), meteredTotal(calendar, [moved], pair.target)]
  if (isZero(is)) return isZero(was) ? [moved] : cannotBeLaid(path)
  return [scaleEntry(moved, divide(multiply(was, pair.ratio), is))]
}

function cannotBeLaid(path: string): never {
  throw new CurveNotLaid(`${path}: the days that are compared hold none of it`)
}

type ValueAt = (instant: Instant) => string | null

function valuesOf(calendar: Calendar, { intervals }: IntervalsEntry, period: Span, path: string): ValueAt {
  const { start, minutes, values } = intervals
  const first = instantOf(calendar, start, `${path}.intervals.start`)
  const stepMs = minutes * minuteMs
  const isLaidByDay = dayMs % stepMs === 0 && (first - calendar.startOfDayAt(first)) % stepMs === 0
  const isOfDays = [period.from, period.to].every((end) => calendar.startOfDayAt(end) === end)
  if (!isLaidByDay || !isOfDays)
    throw new CurveNotLaid(`${path}: a curve is laid on other days only where both begin at midnight`)
  return (instant) =>
    instant < period.from || instant >= period.to ? null : (values[(instant - first) / stepMs] ?? null)
}

/**
 * Values of a local day, taken from the day at its place; an hour that the other day does not have repeats its last one (23 and 25 hours,
 * where clocks are set).
 */
export function laidDay(
  { calendar, sourceOf }: DayMap,
  date: LocalDate,
  minutes: number,
  valueAt: ValueAt,
): readonly { readonly at: Instant; readonly value: string | null }[] {
  const stepMs = minutes * minuteMs
  const source = sourceOf(date)
  const [from, to] = boundsOf(calendar, date)
  const [sourceFrom, sourceTo] = source === null ? [0, 0] : boundsOf(calendar, source)
  return Array.from({ length: Math.floor((to - from) / stepMs) }, (_, index) => ({
    at: from + index * stepMs,
    value: source === null ? null : valueAt(Math.min(sourceFrom + index * stepMs, sourceTo - stepMs)),
  }))
}

function boundsOf(calendar: Calendar, date: LocalDate): readonly [Instant, Instant] {
  const from = calendar.startOfDay(date)
  return [from, calendar.startOfDay(addDays(date, 1))]
}

/** An instant that means the same whatever the clocks do. */
export function instantText(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}
