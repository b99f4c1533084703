import { compare, formatRational, multiply, subtract } from '../../../domain/rational.js'
import { refuse } from '../refusal.js'
import { overlap, type Span } from './local-time.js'
import { type Parcel, type Quantity, shareOf, total } from './parcels.js'
import type { SlotDays, SlotStretch } from './slot-days.js'

/**
 * The parcels of a span with the slot of each. Intervals are put into slots by the calendar; one that straddles a border is refused, or
 * shared by time. Registers name their slot themselves; what was counted in a slot that the calendar does not know is refused, and so
 * is a quantity of which only the total is known.
 */
export function slotParcels(
  name: string,
  { kind, path }: Quantity,
  parcels: readonly Parcel[],
  span: Span,
  days: SlotDays,
  straddling: 'refuse' | 'by_time',
): readonly Parcel[] {
  if (kind === 'intervals') return placedOnce(name, path, parcels, span, days, straddling)
  const known = new Set(days.set.slots.map((slot) => slot.name))
  const labelled = parcels.filter(({ slot }) => slot !== null)
  if (labelled.length === 0)
    return parcels.length === 0
      ? []
      : refuse(
          'quantity_not_by_slot',
          path,
          `${name} is not given by slot of calendar ${days.set.name}, nor as intervals`,
        )
  const ofSlots = labelled.filter(({ slot }) => slot !== null && known.has(slot))
  if (kind === 'registers' && compare(total(ofSlots), total(parcels)) !== 0)
    return refuse(
      'register_without_slot',
      path,
      `the slots of calendar ${days.set.name} hold ${formatRational(subtract(total(parcels), total(ofSlots)))} less than ${name}`,
    )
  return ofSlots
}

interface Placing extends Span {
  readonly days: SlotDays
  readonly straddling: 'refuse' | 'by_time'
  readonly parcels: readonly Parcel[]
}

/** What was asked last of some parcels: the slots of a component ask for the same one after the other. */
const lastPlaced = new WeakMap<readonly Parcel[], Placing>()

function placedOnce(
  name: string,
  path: string,
  parcels: readonly Parcel[],
  { from, to }: Span,
  days: SlotDays,
  straddling: 'refuse' | 'by_time',
): readonly Parcel[] {
  const last = lastPlaced.get(parcels)
  const isSame = last?.days === days && last.from === from && last.to === to && last.straddling === straddling
  if (isSame) return last.parcels
  const asked = {
    from,
    to,
    days,
    straddling,
    parcels: placed(name, path, parcels, days.stretchesIn({ from, to }), straddling),
  }
  lastPlaced.set(parcels, asked)
  return asked.parcels
}

/** Both lists are in order of time. */
function placed(
  name: string,
  path: string,
  parcels: readonly Parcel[],
  stretches: readonly SlotStretch[],
  straddling: 'refuse' | 'by_time',
): readonly Parcel[] {
  const found: Parcel[] = []
  let first = 0
  for (const parcel of parcels) {
    while ((stretches[first]?.to ?? Number.POSITIVE_INFINITY) <= parcel.from) first += 1
    const pieces = piecesOf(parcel, stretches, first)
    if (pieces.length > 1 && straddling === 'refuse')
      return refuse(
        'interval_straddles_slot',
        path,
        `the interval of ${name} at ${new Date(parcel.from).toISOString()} lies in several slots: give shorter ones, or let the version say straddling: by_time`,
      )
    found.push(...pieces)
  }
  return found
}

function piecesOf(parcel: Parcel, stretches: readonly SlotStretch[], first: number): readonly Parcel[] {
  const whole = stretches[first]
  if (whole !== undefined && whole.from <= parcel.from && parcel.to <= whole.to)
    return [{ from: parcel.from, to: parcel.to, slot: whole.slot, value: parcel.value }]
  const pieces: Parcel[] = []
  for (let index = first; index < stretches.length; index += 1) {
    const stretch = stretches[index]
    if (stretch === undefined || stretch.from >= parcel.to) break
    const shared = overlap(parcel, stretch)
    if (shared === null) continue
    const isWhole = shared.from === parcel.from && shared.to === parcel.to
    const value = isWhole ? parcel.value : multiply(parcel.value, shareOf(shared, parcel))
    pieces.push({ ...shared, slot: stretch.slot, value })
  }
  return pieces
}
