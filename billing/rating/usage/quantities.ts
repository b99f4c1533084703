import { multiply, rational, type Rational } from '../../../domain/rational.js'
import { type Calendar, daysBetween } from '../../../domain/time.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import type { Note } from '../notes.js'
import { refuse } from '../refusal.js'
import { withFactors } from './correction-factors.js'
import type { IntervalReader } from './interval-quantity.js'
import { instantOf, overlap, type Span } from './local-time.js'
import { bearingOf } from './loss-bearers.js'
import { lossOf, roundedLoss, withLoss } from './losses.js'
import { noteLoss, noteReadings, noteWhole } from './note-quantities.js'
import type { Parcel, Quantity } from './parcels.js'
import { exact, registerQuantity } from './register-quantity.js'
import { applyRelations, wholeOf } from './relations.js'
import { toResidualSlot } from './residual-slot.js'
import type { SlotDays } from './slot-days.js'
import type { QuantityEntry, UsageDocument, UsagePeriod } from './usage-schema.js'
import { wholeAfterRelations } from './whole-after-relations.js'
import { toWholeUnits } from './whole-units.js'

export type Quantities = ReadonlyMap<string, Quantity>

/**
 * All quantities of a period as they are charged: readings × multiplier, whole units where the version cuts them, the residual slot, losses and
 * what relations take off. The version is the one in force when the period ends.
 */
export function quantitiesOf(
  calendar: Calendar,
  intervalsOf: IntervalReader,
  usage: UsageDocument,
  period: UsagePeriod,
  span: Span,
  version: TariffVersion,
  slotDays: readonly SlotDays[],
  path: string,
  note?: Note,
): Quantities {
  const given = readQuantities(calendar, intervalsOf, usage, period, span, version, path)
  if (note !== undefined) noteReadings(period.quantities, version.energyRounding, path, note)
  const read = withFactors(
    given,
    period.correctionFactors,
    span,
    slotDays,
    version.straddling,
    `${path}.correctionFactors`,
  )
  const residual = version.calendars.find((set) => set.residual !== undefined)?.residual ?? null
  const whole = version.energyRounding === 'difference_half_up' ? mapValues(read, toWholeUnits) : read
  if (note !== undefined) noteWhole(read, whole, note)
  const reconciled = mapValues(whole, (quantity, name) => toResidualSlot(name, quantity, residual, note))
  const losses = (quantities: Quantities) =>
    withLosses(
      quantities,
      period,
      { ...span, days: localDays(calendar, span) },
      version,
      slotDays,
      `${path}.losses`,
      note,
    )
  const isLossFirst = version.lossBefore === 'relations'
  const related = applyRelations(
    isLossFirst ? losses(reconciled) : reconciled,
    period.relations,
    `${path}.relations`,
    note,
  )
  const resolved = isLossFirst ? related.quantities : losses(related.quantities)
  return version.energyRounding === 'after_loss_half_up'
    ? wholeAfterRelations(resolved, related.takings, note)
    : resolved
}

function readQuantities(
  calendar: Calendar,
  intervalsOf: IntervalReader,
  usage: UsageDocument,
  period: UsagePeriod,
  span: Span,
  version: TariffVersion,
  path: string,
): Quantities {
  const entries = [
    ...usage.quantities.map((entry, index) => ({ entry, path: `usage.quantities.${index}` })),
    ...period.quantities.map((entry, index) => ({ entry, path: `${path}.quantities.${index}` })),
  ]
  const found = new Map<string, Quantity>()
  const mayMiss = new Set<string>()
  for (const { entry, path: where } of entries) {
    const read = readEntry(calendar, intervalsOf, entry, span, version, where)
    if ('intervals' in entry && entry.intervals.missing === 'zero') mayMiss.add(entry.name)
    // Intervals of other periods alone say nothing of this one.
    if (read.kind === 'intervals' && read.parcels.length === 0) continue
    const before = found.get(entry.name)
    if (before !== undefined && before.kind !== read.kind)
      return refuse('quantity_given_twice', where, `${entry.name} is given as ${before.kind} already`)
    found.set(entry.name, before === undefined ? read : { ...before, parcels: [...before.parcels, ...read.parcels] })
  }
  const ordered = mapValues(found, inOrder)
  for (const [name, quantity] of ordered) if (!mayMiss.has(name)) refuseMissing(name, quantity, span)
  return ordered
}

function readEntry(
  calendar: Calendar,
  intervalsOf: IntervalReader,
  entry: QuantityEntry,
  period: Span,
  version: TariffVersion,
  path: string,
): Quantity {
  if ('intervals' in entry) {
    const parcels = intervalsOf(entry, path)
    return { kind: 'intervals', path, parcels: parcels.filter((parcel) => overlap(parcel, period) !== null) }
  }
  const from = entry.from === undefined ? period.from : instantOf(calendar, entry.from, `${path}.from`)
  const to = entry.to === undefined ? period.to : instantOf(calendar, entry.to, `${path}.to`)
  if (from < period.from || to > period.to || from >= to)
    return refuse('periods_out_of_order', path, `${entry.name} is not of a part of its period`)
  if ('events' in entry)
    return {
      kind: 'events',
      path,
      parcels: entry.events.map((value) => ({ from, to, slot: null, value: exact(value) })),
    }
  const slot = entry.slot ?? null
  if ('register' in entry) {
    const value = registerQuantity(entry, version.energyRounding, path)
    return { kind: 'registers', path, parcels: [{ from, to, slot, value }] }
  }
  const value = multiply(exact(entry.value), exact(entry.factor ?? '1'))
  return { kind: isStock(entry) ? 'stock' : 'registers', path, parcels: [{ from, to, slot, value }] }
}

const powerUnits = new Set(['kW', 'kVA', 'kvar', 'W', 'MW', 'MVA'])

/** A level, not something that adds up as time goes by: what is given in a unit of power, and whatever is called demand. */
export function isStock({ name, unit }: { readonly name: string; readonly unit?: string | undefined }): boolean {
  return unit === undefined ? name === 'demand' : powerUnits.has(unit)
}

function inOrder(quantity: Quantity, name: string): Quantity {
  if (quantity.parcels.length < 2) return quantity
  const parcels = [...quantity.parcels].sort((a, b) => a.from - b.from)
  const overlapping = parcels.find((parcel, index) => index > 0 && (parcels[index - 1]?.to ?? 0) > parcel.from)
  if (quantity.kind === 'intervals' && overlapping !== undefined)
    return refuse(
      'intervals_overlap',
      quantity.path,
      `two intervals of ${name} at ${new Date(overlapping.from).toISOString()}`,
    )
  return { ...quantity, parcels }
}

/** `intervals_missing` where some of the period is in no interval. */
function refuseMissing(name: string, quantity: Quantity, span: Span): void {
  if (quantity.kind !== 'intervals') return
  let reached = span.from
  for (const { from, to } of [...quantity.parcels, { from: span.to, to: span.to }]) {
    if (from > reached)
      refuse(
        'intervals_missing',
        quantity.path,
        `no interval of ${name} covers ${new Date(reached).toISOString()}: give it, or let the entry say missing: zero`,
      )
    reached = Math.max(reached, to)
  }
}

function withLosses(
  quantities: Quantities,
  period: UsagePeriod,
  { days, ...span }: Span & { readonly days: Rational },
  version: TariffVersion,
  slotDays: readonly SlotDays[],
  path: string,
  note?: Note,
): Quantities {
  if (period.losses.length === 0) return quantities
  const result = new Map(quantities)
  for (const [index, entry] of period.losses.entries()) {
    const where = `${path}.${index}`
    const source = entry.kind === 'percent' && entry.over === 'with_losses' ? result : quantities
    const active = source.get(entry.active) ?? refuse('quantity_unknown', where, `${entry.active} is not given`)
    const reactive =
      entry.reactive === undefined
        ? rational(0n)
        : wholeOf(source.get(entry.reactive) ?? refuse('quantity_unknown', where, `${entry.reactive} is not given`))
    const loss = lossOf(entry, wholeOf(active), reactive, days, where)
    const add = (name: string, value: Rational) => {
      const quantity = result.get(name)
      if (quantity === undefined) return
      const bearing = bearingOf(name, quantity, version, slotDays, span)
      result.set(name, withLoss(bearing.quantity, value, version, bearing.parcels))
      noteLoss(
        entry,
        { name, value: roundedLoss(value, version), quantity, active: wholeOf(active), reactive, days },
        note,
      )
      result.set(`${name}_loss`, lossQuantity(roundedLoss(value, version), span, where, result.get(`${name}_loss`)))
    }
    add(entry.active, loss.active)
    if (entry.reactive !== undefined) add(entry.reactive, loss.reactive)
  }
  return result
}

function lossQuantity(value: Rational, span: Span, path: string, before: Quantity | undefined): Quantity {
  const parcel: Parcel = { ...span, slot: null, value }
  return { kind: 'registers', path, parcels: [...(before?.parcels ?? []), parcel] }
}

function mapValues(quantities: Quantities, map: (quantity: Quantity, name: string) => Quantity): Quantities {
  const mapped = new Map<string, Quantity>()
  for (const [name, quantity] of quantities) mapped.set(name, map(quantity, name))
  return mapped
}

/** Local days of a span, by the dates of its ends. */
export function localDays(calendar: Calendar, { from, to }: Span): Rational {
  return rational(BigInt(daysBetween(calendar.dateAt(from), calendar.dateAt(to))))
}
