import { err } from '../../domain/result.js'

/** Why an account gets no bill from this freeze. */
export type HoldCode =
  | 'several_agreements'
  | 'no_installation'
  | 'no_multiplier'
  | 'installation_gap'
  | 'too_many_segments'
  | 'boundary_missing'
  | 'boundary_held'
  | 'boundary_estimated'
  | 'registers_differ'
  | 'register_decreased'
  | 'contradicted'
  | 'boundary_stale'
  | 'note_unlike_readings'
  | 'new_multiplier'
  | 'lone_jump'
  | 'usage_unlike_history'
  | 'tou_tables_differ'
  | 'tou_unlike_curve'
  | 'relation_negative'
  | 'relation_changed'
  | 'relation_member_held'
  | 'before_go_live'
  | 'opening_differs'
  | 'opening_estimate_above'
  | 'no_contract_capacity'
  | 'shares_above_one'
  | 'parent_without_meter'
  | 'address_twice'

export interface Hold {
  readonly kind: HoldCode
  readonly detail: string
}

export function hold(kind: HoldCode, detail: string) {
  return err<Hold>({ kind, detail })
}
