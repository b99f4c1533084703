/** A value of the product that is not what the simulator's truth says. */
export interface Mismatch {
  readonly kind:
    | 'reading_value'
    | 'reading_unknown'
    | 'reading_missing'
    | 'bill_energy'
    | 'bill_ladder_energy'
    | 'bill_amount'
    | 'bill_unknown'
    | 'bill_missing'
  /** Meter and instant, or account and period start. */
  readonly key: string
  readonly expected: string
  readonly found: string
}
