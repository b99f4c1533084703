/** Why a usage cannot be rated under a tariff; registered in docs/errors.md. */
export type RefusalKind =
  | 'zone_unknown'
  | 'time_does_not_exist'
  | 'periods_out_of_order'
  | 'tariff_gap'
  | 'tariff_overlap'
  | 'validity_empty'
  | 'quantity_unknown'
  | 'quantity_not_by_slot'
  | 'quantity_given_twice'
  | 'register_decreased'
  | 'register_out_of_range'
  | 'register_without_slot'
  | 'negative_residual'
  | 'negative_energy'
  | 'no_reading_at_change'
  | 'interval_straddles_slot'
  | 'interval_straddles_change'
  | 'intervals_overlap'
  | 'intervals_missing'
  | 'time_without_slot'
  | 'slot_without_time'
  | 'minute_twice'
  | 'demand_without_intervals'
  | 'window_does_not_fit'
  | 'loss_out_of_table'
  | 'parent_below_children'
  | 'relation_incomplete'
  | 'fact_missing'
  | 'fact_is_no_number'
  | 'fact_given_twice'
  | 'equipment_given_twice'
  | 'division_by_zero'
  | 'negative_price'
  | 'price_missing'
  | 'cell_absent'
  | 'series_unknown'
  | 'series_does_not_cover'
  | 'block_bounds_out_of_order'
  | 'period_crosses_scope'
  | 'component_unknown'
  | 'power_factor_out_of_table'
  | 'power_factor_out_of_range'
  | 'state_does_not_fit'
  | 'size_not_positive'

/**
 * Thrown anywhere inside rating and caught by `rateUsage`, which returns it as a value, and by the compiler of versions: expressions are evaluated deep down, and
 * every one of them can find that a number is missing.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: RefusalKind
  /** Place in the input file, such as `usage.periods.0.quantities.2`. */
  readonly path: string

  constructor(kind: RefusalKind, path: string, message: string) {
    super(message)
    this.kind = kind
    this.path = path
  }
}

/** @throws Refusal always. */
export function refuse(kind: RefusalKind, path: string, message: string): never {
  throw new Refusal(kind, path, message)
}
