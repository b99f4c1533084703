import type { RefusalKind } from '../rating/refusal.js'

/** What only a run refuses. */
type RunRefusalKind =
  | 'opening_state_unknown'
  | 'amount_not_whole_fen'
  | 'quantity_out_of_range'
  | 'interval_days_unknown'
  | 'interval_length_differs'
  | 'intervals_differ_from_registers'

/** Why an account gets no bill: what rating refused, or what a run cannot hold. The path is a place in the tariff or in the usage. */
export interface AccountProblem {
  readonly kind: RefusalKind | RunRefusalKind
  readonly path: string
  readonly message: string
}
