/**
 * What the old books say of accounts at go-live, with the totals to which its items add up: decimal texts in kWh and in the
 * currency's main unit. In force once two people other than its author have approved it.
 */
export interface OpeningBatchEntry {
  readonly code: string
  readonly asOf: string
  readonly document: string
  readonly itemCount: number
  readonly registersKwh: string
  readonly ladderKwh: string
  readonly estimatesKwh: string
  readonly prepaid: string
  readonly arrears: string
}

interface OpeningItem {
  readonly batch: string
  readonly account: string
}

/** Energies and demands before the multiplier for registers, after it otherwise; days and months are local, `toDay` excluded. */
export type OpeningItemEntry = OpeningItem &
  (
    | {
        /** The registers up to which the old books have billed. */
        readonly kind: 'register'
        readonly meter: string
        readonly energyKwh: string
        readonly tou1Kwh?: string
        readonly tou2Kwh?: string
        readonly tou3Kwh?: string
        readonly tou4Kwh?: string
      }
    /** The year's energy and months that count for the ladder. */
    | { readonly kind: 'ladder'; readonly energyKwh: string; readonly ladderMonths: number }
    | { readonly kind: 'demand'; readonly month: string; readonly demandKw: string }
    /** Billed on an estimate that is still to be trued up. */
    | { readonly kind: 'estimate'; readonly fromDay: string; readonly toDay: string; readonly energyKwh: string }
    | { readonly kind: 'prepaid'; readonly amount: string }
    | { readonly kind: 'arrear'; readonly bill: string; readonly amount: string; readonly dueDate: string }
  )
