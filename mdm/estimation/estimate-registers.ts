import { err, ok, type Result } from '../../domain/result.js'
import { dayMs, hourMs, type Instant, monthOf } from '../../domain/time.js'
import { type DaySeries, toDaySeries } from './day-series.js'
import type { EstimationPolicy } from './default-policy.js'
import type { Estimate, EstimationContext, KnownRegisters, NotEstimableReason } from './estimation-context.js'
import type { EstimationMethod, MethodResult } from './estimation-method.js'
import { fromForecast } from './methods/from-forecast.js'
import { interpolation } from './methods/interpolation.js'
import { ownHistory } from './methods/own-history.js'
import { peerProfile } from './methods/peer-profile.js'
import { previousPeriod } from './methods/previous-period.js'
import { sameDayType } from './methods/same-day-type.js'
import type { ClassRule, MethodName, MethodRule } from './policy-document.js'

const methods: Readonly<Record<MethodName, EstimationMethod>> = {
  interpolation,
  peer_profile: fromForecast('peer_profile', peerProfile),
  own_history: fromForecast('own_history', ownHistory),
  same_day_type: fromForecast('same_day_type', sameDayType),
  previous_period: fromForecast('previous_period', previousPeriod),
}

type NotEstimable = { readonly kind: NotEstimableReason }

/**
 * Registers of a point that nobody read, by the first method of its class that can be used there, with the range in which the total
 * lies nine times in ten. Pure and exact: the same context and policy give the same estimate.
 * @returns why the point stays open otherwise: `estimated_too_long` before all others, else the reason of the method ranked first.
 */
export function estimateRegisters(
  context: EstimationContext,
  { document }: EstimationPolicy,
): Result<Estimate, NotEstimable> {
  const rule = document.classes[context.usageClass]
  const { before, after, boundary, readAt, now, asked } = context
  if (boundary && rule.billingBoundary === 'never') return err({ kind: 'billing_boundary' })
  if (before === null) return err({ kind: 'no_earlier_value' })
  const ahead = Math.max(1, Math.ceil((readAt - before.readAt) / dayMs))
  const ripe = rule.methods.filter(
    ({ method, afterHours }) =>
      (asked === true || now - readAt >= afterHours * hourMs) && (!boundary || mayEndABill(method)),
  )
  const refused: NotEstimableReason[] = []
  for (const each of ripe) {
    if (each.method !== 'interpolation' && after === null && isTooLong(context, before, ahead, rule))
      return err({ kind: 'estimated_too_long' })
    const series = toSeries(context, ahead, each, document)
    const result = methods[each.method]({ context, before, series, ahead, rule: each, document })
    if (result.ok) return ok({ method: each.method, ...withinNeighbours(result.value, context, before) })
    refused.push(result.error.kind)
  }
  return err({ kind: refused[0] ?? (boundary ? 'billing_boundary' : 'no_later_value') })
}

/** Where a bill may rest on an estimate at all, it is the quantity of the period before, or what a later reading makes of it. */
function mayEndABill(method: MethodName): boolean {
  return method === 'previous_period' || method === 'interpolation'
}

/** Nobody has read the meter for longer than the policy lets estimates go on: in days, or at boundaries in periods. */
function isTooLong(context: EstimationContext, before: KnownRegisters, ahead: number, rule: ClassRule): boolean {
  if (!context.boundary) return ahead > rule.mostConsecutiveDays
  return monthsEnded(context, before.readAt) > rule.mostConsecutivePeriods
}

/** Calendar months that ended after the instant, up to the point. */
function monthsEnded({ calendar, readAt }: EstimationContext, since: Instant): number {
  const [from, to] = [monthOf(calendar.dateAt(since)), monthOf(calendar.dateAt(readAt))]
  return (to.year - from.year) * 12 + to.month - from.month
}

function toSeries(
  { history, peers }: EstimationContext,
  ahead: number,
  { method, leastPeers }: MethodRule,
  { holidays, workingWeekends }: EstimationPolicy['document'],
): DaySeries {
  return toDaySeries(history, method === 'interpolation' ? 0 : ahead, {
    peers,
    leastPeers,
    calendar: { holidays: new Set(holidays), workingWeekends: new Set(workingWeekends) },
  })
}

/** Registers never fall, and never stand above the next one that is known. */
function withinNeighbours(
  { registers, belowE4, aboveE4, historyDays, peers }: MethodResult,
  { after }: EstimationContext,
  before: KnownRegisters,
): Omit<Estimate, 'method'> {
  const { totalE4 } = registers
  const low = totalE4 + (belowE4 < 0n ? belowE4 : 0n)
  const high = totalE4 + (aboveE4 > 0n ? aboveE4 : 0n)
  const [least, most] = [before.registers.totalE4, after?.registers.totalE4 ?? high]
  return { registers, lowE4: low < least ? least : low, highE4: high > most ? most : high, historyDays, peers }
}
