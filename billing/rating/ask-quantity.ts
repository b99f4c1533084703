import { add, largest, type Rational, zero } from '../../domain/rational.js'
import type { Frame } from './context.js'
import { refuse } from './refusal.js'
import { reportPart } from './report-part.js'
import { shareByDays } from './share-by-days.js'
import type { Span } from './usage/local-time.js'
import { type Parcel, type Quantity, total, within } from './usage/parcels.js'
import { wholeOf } from './usage/relations.js'
import type { SlotDays } from './usage/slot-days.js'
import { slotParcels } from './usage/slot-parcels.js'

/** How much of a named quantity there is in a frame, in one slot or in all. What earlier settlements of the month used belongs to the first part of the last one. */
export function askQuantity(frame: Frame, name: string, slot: string | null, over: 'segment' | 'period'): Rational {
  const { context } = frame
  const quantity = context.quantities.get(name)
  const isLater = frame.wholeMonth && context.period.settlement.number > 1
  const earlier = isLater ? context.history.quantity(name, slot, context.month) : null
  if (quantity === undefined) return earlier ?? refuse('quantity_unknown', frame.path, `quantity ${name} is not given`)
  const now = quantity.kind === 'stock' ? highest(quantity, slot, name, frame) : flow(frame, name, quantity, slot, over)
  report(frame, { name, slot, value: now }, quantity, over)
  const isFirstPart = over === 'period' || frame.span.from === context.span.from
  return quantity.kind === 'stock' || isFirstPart ? combine(quantity, now, earlier) : now
}

interface Asked {
  readonly name: string
  readonly slot: string | null
  readonly value: Rational
}

/** What is reported is the quantity of the whole period, even where it is priced in parts that follow each other. */
function report(
  { context, span }: Frame,
  { name, slot, value }: Asked,
  { kind }: Quantity,
  over: 'segment' | 'period',
): void {
  if (slot === null) return
  const isPart = kind !== 'stock' && over === 'segment'
  reportPart(context, { name, slot, span: isPart ? span : context.span, value })
}

function combine({ kind }: Quantity, now: Rational, earlier: Rational | null): Rational {
  if (earlier === null) return now
  return kind === 'stock' ? largest(now, earlier) : add(now, earlier)
}

function highest({ parcels, path }: Quantity, slot: string | null, name: string, frame: Frame): Rational {
  const wholes = parcels.filter((parcel) => parcel.slot === slot)
  const asked = slot === null && wholes.length === 0 ? parcels : wholes
  if (asked.length === 0)
    return refuse('quantity_not_by_slot', path, `${name} is not given in slot ${slot ?? ''} (${frame.path})`)
  return asked.reduce((most, { value }) => largest(most, value), zero)
}

function flow(
  frame: Frame,
  name: string,
  quantity: Quantity,
  slot: string | null,
  over: 'segment' | 'period',
): Rational {
  const span = over === 'segment' ? frame.span : frame.context.span
  const parcels = within(name, quantity, span, frame.segment.version.unread, byDays(frame))
  if (slot === null) return wholeOf({ ...quantity, parcels })
  const days = slotDaysOf(frame, slot)
  return total(
    slotParcels(name, quantity, parcels, span, days, frame.segment.version.straddling).filter(
      (parcel) => parcel.slot === slot,
    ),
  )
}

function byDays({ context: { calendar } }: Frame) {
  return (part: Span, whole: Span) => shareByDays(calendar, part, whole)
}

/** Parcels of a quantity in a span with the slot of each. */
export function askParcels(
  frame: Frame,
  name: string,
  days: SlotDays | null,
): { readonly quantity: Quantity; readonly parcels: readonly Parcel[] } {
  const quantity = frame.context.quantities.get(name)
  if (quantity === undefined) return refuse('quantity_unknown', frame.path, `quantity ${name} is not given`)
  const { version } = frame.segment
  const parcels = within(name, quantity, frame.span, version.unread, byDays(frame))
  const placed = days === null ? parcels : slotParcels(name, quantity, parcels, frame.span, days, version.straddling)
  return { quantity, parcels: placed }
}

/** The calendar that knows a slot: the component's own before the others of the version. */
export function slotDaysOf(frame: Frame, slot: string): SlotDays {
  const knows = (days: SlotDays | null | undefined) => days?.set.slots.some(({ name }) => name === slot) ?? false
  const found = [frame.slotDays, ...frame.segment.slotDays.values()].find(knows)
  return found ?? refuse('time_without_slot', frame.path, `no calendar of the version knows slot ${slot}`)
}
