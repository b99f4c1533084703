import { formatRational, isZero, type Rational, subtract } from '../../../domain/rational.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import type { Note } from '../notes.js'
import { bySlot, type Parcel, type Quantity, total } from './parcels.js'
import { registerQuantity } from './register-quantity.js'
import type { LossEntry, Relation, UsagePeriod } from './usage-schema.js'

/** How much lies in each slot, by its name; nothing where there are no slots. */
function slotTexts(parcels: readonly Parcel[]): Readonly<Record<string, string>> {
  const texts = [...bySlot(parcels)].map(([slot, value]) => [slot ?? '', formatRational(value)] as const)
  return Object.fromEntries(texts.filter(([slot]) => slot !== ''))
}

/** Each register of a period: its readings, and what it counted. */
export function noteReadings(
  entries: UsagePeriod['quantities'],
  rounding: TariffVersion['energyRounding'],
  path: string,
  note: Note,
): void {
  for (const [index, entry] of entries.entries()) {
    if (!('register' in entry)) continue
    const { name, slot, meter, factor, register } = entry
    const { start, end, multiplier } = register
    const stated = Object.entries({ name, slot, meter, start, end, multiplier, factor })
    note(
      'register',
      Object.fromEntries(stated.filter((text): text is [string, string] => text[1] !== undefined)),
      registerQuantity(entry, rounding, `${path}.quantities.${index}`),
    )
  }
}

interface NotedLoss {
  readonly name: string
  readonly value: Rational
  /** What bears it, as it was before. */
  readonly quantity: Quantity
  readonly active: Rational
  readonly reactive: Rational
  readonly days: Rational
}

/** A loss: its kind, what it was worked out from, and what it is added to. */
export function noteLoss(entry: LossEntry, noted: NotedLoss, note: Note | undefined): void {
  const { name, value, quantity, active, reactive, days } = noted
  note?.(
    `loss_${entry.kind}`,
    {
      name,
      ...('ratedKva' in entry ? { ratedKva: entry.ratedKva } : {}),
      ...('percent' in entry ? { percent: entry.percent } : {}),
      active: formatRational(active),
      ...(isZero(reactive) ? {} : { reactive: formatRational(reactive) }),
      ...(entry.kind === 'formula' || entry.kind === 'table' ? { days: entry.days ?? formatRational(days) } : {}),
      before: formatRational(total(quantity.parcels)),
    },
    value,
  )
}

interface NotedRelation {
  readonly before: Quantity
  readonly after: Quantity
  readonly taken: Quantity
}

/** What is taken off a parent, in which slots, and what that leaves. */
export function noteRelation(
  { kind, name, of, value }: Relation,
  { before, after, taken }: NotedRelation,
  note: Note | undefined,
): void {
  note?.(
    `relation_${kind}`,
    {
      name,
      of,
      before: formatRational(total(before.parcels)),
      ...(value === undefined ? {} : { value }),
      ...(taken.kind === 'intervals' ? {} : slotTexts(taken.parcels)),
      left: formatRational(total(after.parcels)),
    },
    total(taken.parcels),
  )
}

/** What whole units have made of quantities, where they changed anything. */
export function noteWhole(
  before: ReadonlyMap<string, Quantity>,
  after: ReadonlyMap<string, Quantity>,
  note: Note,
): void {
  for (const [name, { parcels }] of after) {
    const [exact, whole] = [total(before.get(name)?.parcels ?? []), total(parcels)]
    if (!isZero(subtract(exact, whole)))
      note('whole_units', { name, exact: formatRational(exact), ...slotTexts(parcels) }, whole)
  }
}
