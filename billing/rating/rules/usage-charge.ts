import {
  add,
  compare,
  divide,
  formatRational,
  isZero,
  multiply,
  type Rational,
  sum,
  zero,
} from '../../../domain/rational.js'
import { groupBy } from '../../../domain/group-by.js'
import { present, unreachable } from '../../../domain/result.js'
import type { UsageComponent } from '../../tariffs/components/component-schema.js'
import { askParcels } from '../ask-quantity.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { createCounters } from '../counters.js'
import { bandedDays } from '../metered-demand.js'
import { refuse } from '../refusal.js'
import type { Parcel } from '../usage/parcels.js'
import { type AskedSlots, chargedQuantities, negativeSlot } from './charged-quantities.js'
import { graduated } from './graduated.js'
import { intervalPrices } from './interval-prices.js'
import { cutToShare, isLevel, shareOfPeriod } from './level-quantity.js'
import { packages } from './package.js'
import { perEvent } from './per-event.js'
import { perUnit } from './per-unit.js'
import type { PricedUsage, SlotQuantity } from './slot-quantities.js'
import { volume } from './volume.js'

/** A charge on a quantity, in slots or in all time, by the component's model. */
export function usageCharge(component: UsageComponent, frame: Frame): readonly Charge[] {
  if (!isLevel(component.quantity, frame)) return pricedByModel(component, frame)
  const share = shareOfPeriod(frame)
  const ofPeriod: Frame = {
    ...frame,
    over: 'period',
    context: { ...frame.context, counters: createCounters({ blocks: [], free: [] }) },
  }
  return pricedByModel(component, ofPeriod).map((charge) => cutToShare(charge, share, frame.context))
}

function pricedByModel(component: UsageComponent, frame: Frame): readonly Charge[] {
  const { model } = component
  if (model.kind === 'per_event') return perEvent(model, component, frame)
  const usage = pricedUsage(component, frame)
  switch (model.kind) {
    case 'per_unit':
      return perUnit(model, usage, frame)
    case 'graduated':
      return graduated(model, usage, frame, component.code)
    case 'volume':
      return volume(model, usage, frame, component.code)
    case 'package':
      return packages(model, usage, frame, component.code)
    case 'interval_prices':
      return intervalPrices(model, usage, frame)
    default:
      return unreachable(model)
  }
}

function pricedUsage(component: UsageComponent, frame: Frame): PricedUsage {
  const slots = askedSlots(component, frame)
  const { quantities, free } = chargedQuantities(component, frame, slots)
  const negative = negativeSlot(quantities)
  if (negative !== null && !frame.context.mayBeNegative)
    return refuse(
      'negative_energy',
      frame.path,
      `${component.code}${negative.slot === null ? '' : ` in ${negative.slot}`} comes to ${formatRational(negative.quantity)}`,
    )
  const { counters, chargedBefore } = frame.context
  if (free !== null) counters.setFree(component.code, free.instance.from, free.counter, free.instance.to)
  const during: PricedUsage['during'] = (span) =>
    sumOf(chargedQuantities(component, { ...frame, span, over: 'segment' }, slots).quantities)
  chargedBefore.set(component.code, add(chargedBefore.get(component.code) ?? zero, sumOf(quantities)))
  return { quantities, parcels: () => parcelsOf(component, frame, slots, quantities), unit: component.unit, during }
}

/** The slots that a component charges, of the calendar that it names. @throws Refusal */
export function askedSlots({ slots }: UsageComponent, frame: Frame): AskedSlots {
  if (slots === undefined) return { days: null, names: [null] }
  const days =
    frame.segment.slotDays.get(slots.calendar) ??
    refuse('component_unknown', `${frame.path}.slots.calendar`, `no calendar is ${slots.calendar}`)
  return { days, names: slots.names ?? days.set.slots.map(({ name }) => name) }
}

function sumOf(quantities: readonly SlotQuantity[]): Rational {
  return sum(quantities.map(({ quantity }) => quantity))
}

/**
 * Parcels by time, for models that need them: what was converted, shared or made free is put on the parcels of each slot in proportion. Null
 * where the quantity is not simply a named one, or its slots were not read at the same times.
 */
function parcelsOf(
  { quantity }: UsageComponent,
  frame: Frame,
  { days, names }: AskedSlots,
  charged: readonly SlotQuantity[],
): readonly Parcel[] | null {
  if (typeof quantity === 'object' && quantity.op === 'demand' && quantity.take === 'sum_of_days') {
    const bySlot = names.map((slot) => bandedDays(quantity, { ...frame, slot, slotDays: days }))
    return scaledToCharged(bySlot, names, charged)
  }
  const kind = typeof quantity === 'string' ? frame.context.quantities.get(quantity)?.kind : undefined
  if (typeof quantity !== 'string' || kind === undefined || kind === 'stock') return null
  const { quantity: asked, parcels: found } = askParcels(frame, quantity, days)
  const parcels = days === null && asked.kind === 'registers' ? wholeParcels(found) : found
  if (parcels === null) return null
  const bySlot = names.map((name) => parcels.filter(({ slot }) => name === null || slot === name))
  return scaledToCharged(bySlot, names, charged)
}

function scaledToCharged(
  bySlot: readonly (readonly Parcel[])[],
  names: AskedSlots['names'],
  charged: readonly SlotQuantity[],
): readonly Parcel[] | null {
  const scaled = names.map((name, index) => {
    const value = charged.find(({ slot }) => slot === name)?.quantity ?? zero
    return scaledTo(bySlot[index] ?? [], value)
  })
  if (scaled.some((part) => part === null)) return null
  return scaled.flatMap((part) => part ?? []).sort((a, b) => a.from - b.from)
}

/** Of what was read by slot, the whole between two readings: the total where there is one, else the sum of the slots. */
function wholeParcels(parcels: readonly Parcel[]): readonly Parcel[] | null {
  if (parcels.every(({ slot }) => slot === null)) return parcels
  const wholes = [...groupBy(parcels, ({ from, to }) => `${from} ${to}`).values()].map((together): Parcel => {
    const totals = together.filter(({ slot }) => slot === null)
    const { from, to } = present(together[0], 'a parcel of a group')
    return { from, to, slot: null, value: sum((totals.length > 0 ? totals : together).map(({ value }) => value)) }
  })
  const ordered = wholes.sort((a, b) => a.from - b.from)
  return ordered.some(({ from }, index) => from < (ordered[index - 1]?.to ?? from)) ? null : ordered
}

function scaledTo(parcels: readonly Parcel[], value: Rational): readonly Parcel[] | null {
  const whole = sum(parcels.map((parcel) => parcel.value))
  if (compare(whole, value) === 0) return parcels
  if (isZero(whole)) return null
  const factor = divide(value, whole)
  return parcels.map((parcel) => ({ ...parcel, value: multiply(parcel.value, factor) }))
}
