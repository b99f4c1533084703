import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import type { UsageDocument } from '../usage/usage-schema.js'

/**
 * What may differ between two bills, in the order in which it is taken over from the second one:
 * - `days`: the periods themselves and their calendar. What the first bill was about is laid on the days of the second: quantities in
 *   proportion to their number, levels as they are, dated facts at the same place of the period, prices by interval day by day.
 * - `quantity`: totals, each with the mix that it had; losses and relations; reactive energy goes along, so that the power factor stays.
 * - `slot_mix`: how totals are spread over slots, meters and intervals.
 * - `block`: what the ladder had used before, since when it has room, and the facts that bounds and free quantities ask for.
 * - `price`: the tariff, price series, and the facts that choose a price.
 * - `power_factor`: reactive energy, or the power factor that is given.
 * - `demand`: demand and its history, contracted values, equipment.
 * - `correction`: adjustments, correction factors, and what earlier settlements charged and rounded.
 */
export const factors = [
  'days',
  'quantity',
  'slot_mix',
  'block',
  'price',
  'power_factor',
  'demand',
  'correction',
] as const
export type Factor = (typeof factors)[number]

/** Factors that are taken from the second bill already. */
export type Taken = ReadonlySet<Factor>

/** What a bill is rated from. */
export interface Documents {
  readonly tariff: ComponentTariff
  readonly usage: UsageDocument
}
