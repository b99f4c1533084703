import type { Rational } from '../../../domain/rational.js'
import type { Span } from '../usage/local-time.js'
import type { Parcel } from '../usage/parcels.js'

/** What a usage component charges: so much in each of its slots, or in all together (slot null). */
export interface SlotQuantity {
  readonly slot: string | null
  readonly quantity: Rational
}

/** What a pricing model gets. Parcels are there for models that ask when energy was used. */
export interface PricedUsage {
  readonly quantities: readonly SlotQuantity[]
  /** In order of time; null where the quantity is not simply a named one. */
  readonly parcels: () => readonly Parcel[] | null
  readonly unit: string
  /** What is charged in all slots together during another part of the period, for models that look at the whole. */
  readonly during: (span: Span) => Rational
}
