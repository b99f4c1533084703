import { hash } from 'node:crypto'

/** What a line of a bill charges, with the number under which it is stored. Government funds are no lines: the ledger splits them. */
export const components = { energy: 1, ladder_increment: 2 } as const
export type Component = keyof typeof components

/** Time-of-use slots (时段), with the number under which they are stored; `all` where the time of use does not matter. */
export const slots = { all: 0, sharp: 1, peak: 2, flat: 3, valley: 4 } as const
export type Slot = keyof typeof slots
export type TimeOfUseSlot = Exclude<Slot, 'all'>

/** Ladder blocks (阶梯) count from 1; a line that no block governs has block 0. */
export const noBlock = 0

/** One line of a bill. The amount is rounded once, half away from zero, and never again. */
export interface ChargeLine {
  readonly component: number
  readonly slot: number
  readonly block: number
  /** kWh e4 */
  readonly quantityE4: bigint
  /** Currency units per kWh, e8, tax included. */
  readonly priceE8: bigint
  readonly amountFen: bigint
}

export type SettlementKind = 'regular' | 'transfer'

/** What an account is billed on, kWh e4 after the multiplier. */
export interface BilledUsage {
  readonly energyE4: bigint
  /** Registers tou1…tou4 in the meter's own numbering. */
  readonly touE4: readonly [bigint, bigint, bigint, bigint]
  readonly settlementKind: SettlementKind
  /** First local day from which months count for the ladder. */
  readonly ladderFrom: string
  /** Local days [periodFrom, periodTo). */
  readonly periodFrom: string
  readonly periodTo: string
  /** Where the ladder stood when the period began, kWh e4; null when nothing on record says so. */
  readonly ladderOpeningE4: bigint | null
}

/** Why an account gets no bill from a run. */
export const holdCodes = [
  'negative_energy',
  'negative_slot_energy',
  'register_without_slot',
  'quantity_out_of_range',
  'ladder_opening_unknown',
  'ladder_from_after_period',
  'period_crosses_ladder_year',
  'unknown_tariff',
  'rating_refused',
] as const
export type HoldCode = (typeof holdCodes)[number]

/** Energies of one account and period beyond this are refused, so that amounts stay exact in every representation (28 TWh). */
export const maxBilledE4 = 2n ** 48n

/** SHA-256 over the canonical lines of a bill: one line each, decimal integers, in the bill's order. */
export function linesSha256(lines: readonly ChargeLine[]): Buffer {
  const text = lines.map(
    (line) => `${line.component},${line.slot},${line.block},${line.quantityE4},${line.priceE8},${line.amountFen}\n`,
  )
  return hash('sha256', text.join(''), 'buffer')
}
