import { parseRational, zero } from '../../../domain/rational.js'
import { err, ok, type Result } from '../../../domain/result.js'
import { type Calendar, minuteMs } from '../../../domain/time.js'
import { Refusal, type RefusalKind } from '../../rating/refusal.js'
import { type LaidVersion, layVersions, segmentsOf } from '../../rating/segments.js'
import type { Span } from '../../rating/usage/local-time.js'
import { createSlotDays, type SlotDays } from '../../rating/usage/slot-days.js'
import type { Component, UsageComponent } from '../../tariffs/components/component-schema.js'
import type { ComponentTariff, TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { maxLinesPerBill } from '../columns.js'
import { compileIntervalProgram, type IntervalProgram, type ProgramError } from './interval-program.js'
import { type ScaledPrices, scalePrices, toE8 } from './price-scale.js'
import { seriesPricesE8, type SeriesError } from './series-prices.js'

/** One component of a version, as the kernel charges it. */
export type IntervalCharge =
  | { readonly kind: 'slots'; readonly program: IntervalProgram; readonly scaled: ScaledPrices }
  | { readonly kind: 'series'; readonly pricesE8: Int32Array }

/** A line that an account may get: positions of component and slot in the version; price 0 where each interval has its own. */
export interface IntervalLine {
  readonly component: number
  readonly slot: number
  readonly priceE8: number
}

/** A tariff version over one period, for intervals of one length. */
export interface IntervalRates {
  readonly version: number
  readonly minutes: number
  readonly intervals: number
  /** All of the time in one slot. */
  readonly whole: IntervalProgram
  readonly charges: readonly IntervalCharge[]
  /** One for each slot of each charge, in order. */
  readonly lines: readonly IntervalLine[]
}

/** Why the kernel does not rate by a version what the readable rules might: the account is parked. */
export type IntervalRatesError =
  | ProgramError
  | SeriesError
  | {
      readonly kind: 'period_of_several_versions' | 'component_not_by_intervals' | 'price_missing' | 'too_many_lines'
    }
  | { readonly kind: RefusalKind }

const priceLimitE8 = 10n ** 10n

/**
 * Compiles the version of a tariff that holds over a whole period. Taken are charges per unit on the energy, in slots or not, and prices by
 * interval, with lines rounded half up to the fen; whatever else a version may say is refused rather than guessed at.
 */
export function compileIntervalRates(
  calendar: Calendar,
  tariff: ComponentTariff,
  period: Span,
  minutes: number,
): Result<IntervalRates, IntervalRatesError> {
  try {
    const [segment, ...others] = segmentsOf(period, layVersions(calendar, tariff, { specialDays: [] }), 'period')
    if (segment === undefined || others.length > 0) return err({ kind: 'period_of_several_versions' })
    return compileVersion({ calendar, tariff, period, minutes, segment })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return err({ kind: error.kind })
  }
}

interface Compiling {
  readonly calendar: Calendar
  readonly tariff: ComponentTariff
  readonly period: Span
  readonly minutes: number
  readonly segment: Pick<LaidVersion, 'version' | 'slotDays' | 'path'>
}

function compileVersion(compiling: Compiling): Result<IntervalRates, IntervalRatesError> {
  const { calendar, segment, tariff } = compiling
  const { version } = segment
  if (!isRoundedByLine(version) || tariff.currency.decimals !== 2) return err({ kind: 'component_not_by_intervals' })
  const allTime = createSlotDays(calendar, wholeTime, [], segment.path)
  const whole = programOf(compiling, allTime)
  if (!whole.ok) return whole
  const charges: IntervalCharge[] = []
  const lines: IntervalLine[] = []
  for (const [component, described] of version.components.entries()) {
    const charge = compileComponent(compiling, described, whole.value)
    if (!charge.ok) return charge
    charges.push(charge.value)
    const prices = charge.value.kind === 'slots' ? charge.value.scaled.pricesE8 : [0]
    lines.push(...prices.map((priceE8, slot) => ({ component, slot, priceE8 })))
  }
  if (lines.length > maxLinesPerBill) return err({ kind: 'too_many_lines' })
  const { minutes } = compiling
  return ok({ version: version.version, minutes, intervals: whole.value.intervals, whole: whole.value, charges, lines })
}

const wholeTime = { name: 'whole', weekend: [], slots: [{ name: 'all', otherwise: true as const }] }

function isRoundedByLine({ energyRounding, rounding }: TariffVersion): boolean {
  const { line, ...others } = rounding
  const isHalfUp = line?.mode === 'half_up' && line.decimals === 2
  return isHalfUp && energyRounding === 'none' && Object.values(others).every((rule) => rule === undefined)
}

function programOf({ calendar, period, minutes }: Compiling, days: SlotDays): Result<IntervalProgram, ProgramError> {
  return compileIntervalProgram(days, daysOf(calendar, period), minutes)
}

/** The local days of a period, the first and the last cut where it begins and ends. */
function daysOf(calendar: Calendar, { from, to }: Span): readonly Span[] {
  const days: Span[] = []
  for (let start = from; start < to; ) {
    const end = Math.min(calendar.startOfDayAt(calendar.startOfDayAt(start) + 26 * 60 * minuteMs), to)
    days.push({ from: start, to: end })
    start = end
  }
  return days
}

function compileComponent(
  compiling: Compiling,
  component: Component,
  whole: IntervalProgram,
): Result<IntervalCharge, IntervalRatesError> {
  if (component.kind !== 'usage' || !isPlain(component)) return err({ kind: 'component_not_by_intervals' })
  const { model, slots } = component
  if (model.kind === 'interval_prices' && slots === undefined && isLiteral(model.add ?? '0')) {
    const plus = parseRational(literal(model.add)) ?? zero
    const prices = seriesPricesE8(compiling, model.series, plus, whole.intervals)
    return prices.ok ? ok({ kind: 'series', pricesE8: prices.value }) : prices
  }
  if (model.kind !== 'per_unit') return err({ kind: 'component_not_by_intervals' })
  const days = slots === undefined ? null : compiling.segment.slotDays.get(slots.calendar)
  if (days === undefined) return err({ kind: 'component_not_by_intervals' })
  const program = days === null ? ok(whole) : programOf(compiling, days)
  if (!program.ok) return program
  if (slots?.names !== undefined) return err({ kind: 'component_not_by_intervals' })
  const pricesE8: number[] = []
  for (const slot of program.value.slots) {
    const price = literalPriceE8(model.prices?.[slot] ?? model.price)
    if (!price.ok) return price
    pricesE8.push(price.value)
  }
  return ok({ kind: 'slots', program: program.value, scaled: scalePrices(pricesE8) })
}

/** Nothing is said but what is charged, and by which model. */
function isPlain(component: UsageComponent): boolean {
  const { when, multiple, rounding, convert, share, free, atLeast } = component
  const said = [when, multiple, rounding, convert, share, free, atLeast]
  return component.quantity === 'energy' && component.level === 'settlement' && said.every((one) => one === undefined)
}

function isLiteral(expression: unknown): boolean {
  return typeof expression === 'string' && parseRational(expression) !== null
}

function literal(expression: unknown): string {
  return typeof expression === 'string' ? expression : ''
}

function literalPriceE8(expression: unknown): Result<number, IntervalRatesError> {
  if (expression === undefined) return err({ kind: 'price_missing' })
  const price = parseRational(literal(expression))
  if (price === null) return err({ kind: 'component_not_by_intervals' })
  const scaled = toE8(price)
  if (scaled === null || scaled < 0n || scaled >= priceLimitE8) return err({ kind: 'price_beyond_scale' })
  return ok(Number(scaled))
}
