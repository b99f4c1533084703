import { isZero, one, type Rational } from '../../domain/rational.js'
import { unreachable } from '../../domain/result.js'
import type { Component } from '../tariffs/components/component-schema.js'
import type { Charge } from './charged-line.js'
import type { Frame, PeriodContext, Segment } from './context.js'
import { evaluate, holds } from './evaluate.js'
import { piecesOf } from './pieces.js'
import { Refusal, type RefusalKind } from './refusal.js'
import { amountCharge } from './rules/amount-charge.js'
import { boundCharge } from './rules/bound-charge.js'
import { creditCharge } from './rules/credit.js'
import { fixedCharge } from './rules/fixed-charge.js'
import { percentage } from './rules/percentage.js'
import { powerFactorCharge } from './rules/power-factor.js'
import { askedSlots, usageCharge } from './rules/usage-charge.js'
import { toLine } from './to-line.js'
import type { Span } from './usage/local-time.js'

/** Adds the lines of a component for a segment to those of the period. No line for no quantity or no amount. @throws Refusal */
export function rateComponent(
  component: Component,
  context: PeriodContext,
  segment: Segment,
  monthSpan: Span,
  path: string,
): void {
  const isLastSegment = segment.to === context.span.to
  const wholeMonth = component.level === 'month'
  if (wholeMonth && !context.period.settlement.last) {
    if (isLastSegment) recordQuantities(component, frameOfPeriod(context, segment, path))
    return
  }
  if (isOnceAPeriod(component) && !isLastSegment) return
  const spansMonth = wholeMonth && isByMonth(component) && monthSpan.from < context.span.from
  if (spansMonth && !isLastSegment) return
  const whole = spansMonth ? monthSpan : context.span
  for (const frame of framesOf(component, context, segment, whole, spansMonth, path)) {
    if (component.when !== undefined && !holds(component.when, frame)) continue
    const multiple: Rational =
      component.multiple === undefined ? one : evaluate(component.multiple, { ...frame, over: 'period' })
    for (const charge of chargesOf(component, frame)) {
      const line = toLine(component, charge, multiple, frame)
      const isEmpty =
        isZero(line.amountExact) && (line.quantity === null || isZero(line.quantity) || component.kind !== 'usage')
      if (!isEmpty) context.lines.push(line)
    }
  }
}

/** Refusals that the last settlement may lift: what it asks for has not been read or stated yet. */
const notYetKnown: ReadonlySet<RefusalKind> = new Set([
  'quantity_unknown',
  'quantity_not_by_slot',
  'demand_without_intervals',
  'fact_missing',
])

/**
 * What a component of the month will ask for at its last settlement goes into the history of this one: quantities by slot, demand. An earlier
 * settlement charges nothing of it, so what is not known yet refuses nobody.
 */
function recordQuantities(component: Component, frame: Frame): void {
  try {
    if (component.when !== undefined && !holds(component.when, frame)) return
    if (component.kind === 'usage') {
      const { days, names } = askedSlots(component, frame)
      for (const slot of names) evaluate(component.quantity, { ...frame, slot, slotDays: days })
    }
    if (component.kind === 'fixed') evaluate(component.quantity, frame)
  } catch (error) {
    if (!(error instanceof Refusal && notYetKnown.has(error.kind))) throw error
  }
}

/** A frame that is the whole period, under a version of it. */
export function frameOfPeriod(context: PeriodContext, segment: Segment, path: string): Frame {
  const { span } = context
  return {
    context,
    segment,
    span,
    whole: span,
    over: 'period',
    at: span.to - 1,
    slot: null,
    slotDays: null,
    wholeMonth: false,
    path,
  }
}

/** Charged by the time that the settlements of a month make up, where it is charged for the whole month. */
function isByMonth({ kind }: Component): boolean {
  return kind === 'fixed' || kind === 'minimum' || kind === 'maximum'
}

/** What looks at the lines of the whole period comes once, after all of them. */
function isOnceAPeriod({ kind }: Component): boolean {
  return kind === 'minimum' || kind === 'maximum' || kind === 'amount' || kind === 'credit'
}

function framesOf(
  component: Component,
  context: PeriodContext,
  segment: Segment,
  whole: Span,
  spansMonth: boolean,
  path: string,
): readonly Frame[] {
  const isByTime = component.kind === 'usage' || component.kind === 'fixed'
  const own = spansMonth ? whole : { from: segment.from, to: segment.to }
  const spans = isByTime ? piecesOf(component, own, context) : [isOnceAPeriod(component) ? context.span : own]
  return spans.map((span) => ({
    context,
    segment,
    span,
    whole,
    over: component.kind === 'usage' ? 'segment' : 'period',
    at: isByTime ? span.from : span.to - 1,
    slot: null,
    slotDays: null,
    wholeMonth: component.level === 'month',
    path,
  }))
}

function chargesOf(component: Component, frame: Frame): readonly Charge[] {
  switch (component.kind) {
    case 'usage':
      return usageCharge(component, frame)
    case 'fixed':
      return fixedCharge(component, frame)
    case 'percentage':
      return percentage(component, frame)
    case 'power_factor':
      return powerFactorCharge(component, frame)
    case 'minimum':
    case 'maximum':
      return boundCharge(component, frame)
    case 'amount':
      return amountCharge(component, frame)
    case 'credit':
      return creditCharge(component, frame)
    default:
      return unreachable(component)
  }
}
