import {
  add,
  compare,
  formatRational,
  largest,
  multiply,
  type Rational,
  round,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import type { UsageComponent } from '../../tariffs/components/component-schema.js'
import { askParcels } from '../ask-quantity.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import type { Parcel } from '../usage/parcels.js'
import type { SlotDays } from '../usage/slot-days.js'
import { graduated } from './graduated.js'
import { intervalPrices } from './interval-prices.js'
import { packages } from './package.js'
import { perUnit } from './per-unit.js'
import type { PricedUsage, SlotQuantity } from './slot-quantities.js'
import { volume } from './volume.js'

/** A charge on a quantity, in slots or in all time, by the component's model. */
export function usageCharge(component: UsageComponent, frame: Frame): readonly Charge[] {
  const usage = pricedUsage(component, frame)
  const { model } = component
  switch (model.kind) {
    case 'per_unit':
      return perUnit(model, usage, frame)
    case 'graduated':
      return graduated(model, usage, frame, component.code)
    case 'volume':
      return volume(model, usage, frame, component.code)
    case 'package':
      return packages(model, usage, frame)
    case 'interval_prices':
      return intervalPrices(model, usage, frame)
    default:
      return unreachable(model)
  }
}

function pricedUsage(component: UsageComponent, frame: Frame): PricedUsage {
  const days = slotDaysOfComponent(component, frame)
  const slots = days === null ? [null] : (component.slots?.names ?? days.set.slots.map(({ name }) => name))
  const quantities = slots.map(
    (slot): SlotQuantity => ({ slot, quantity: chargedQuantity(component, { ...frame, slot, slotDays: days }) }),
  )
  for (const { slot, quantity } of quantities)
    if (compare(quantity, zero) < 0 && !frame.context.mayBeNegative)
      return refuse(
        'negative_energy',
        frame.path,
        `${component.code}${slot === null ? '' : ` in ${slot}`} comes to ${formatRational(quantity)}`,
      )
  return { quantities, parcels: parcelsOf(component, frame, days, slots, quantities), unit: component.unit }
}

function slotDaysOfComponent({ slots }: UsageComponent, frame: Frame): SlotDays | null {
  if (slots === undefined) return null
  return (
    frame.segment.slotDays.get(slots.calendar) ??
    refuse('component_unknown', `${frame.path}.slots.calendar`, `no calendar is ${slots.calendar}`)
  )
}

/** Convert, share, free, at least, round: in this order. */
function chargedQuantity(
  { quantity, convert, share, free, atLeast, rounding }: UsageComponent,
  frame: Frame,
): Rational {
  let charged = evaluate(quantity, frame)
  const plain: Frame = { ...frame, slot: null }
  if (convert !== undefined) {
    charged = multiply(charged, evaluate(convert.multiply, plain))
    if (convert.rounding !== undefined) charged = round(charged, convert.rounding)
  }
  if (share !== undefined) charged = multiply(charged, evaluate(share, plain))
  if (free !== undefined) charged = largest(zero, subtract(charged, evaluate(free, plain)))
  if (atLeast !== undefined) charged = largest(charged, evaluate(atLeast, plain))
  const whole = rounding?.quantity ?? frame.segment.version.rounding.quantity
  return whole === undefined ? charged : round(charged, whole)
}

/** Parcels by time, for models that need them; null where something has been done to the quantity that time does not show. */
function parcelsOf(
  { quantity }: UsageComponent,
  frame: Frame,
  days: SlotDays | null,
  slots: readonly (string | null)[],
  quantities: readonly SlotQuantity[],
): readonly Parcel[] | null {
  if (typeof quantity !== 'string' || !frame.context.quantities.has(quantity)) return null
  const { quantity: asked, parcels } = askParcels(frame, quantity, days)
  if (asked.kind === 'stock') return null
  const meant = parcels.filter(({ slot }) => slots.includes(slot) || days === null)
  const charged = sum(quantities.map((one) => one.quantity))
  const plain = meant.reduce((together, { value }) => add(together, value), zero)
  const hasTotals = days === null && asked.kind === 'registers' && meant.some(({ slot }) => slot !== null)
  return compare(charged, plain) === 0 && !hasTotals ? meant : null
}
