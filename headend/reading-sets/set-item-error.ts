/**
 * Why a payload says nothing: the meter has no such value, the bytes are none, their number fits no form of the item, there are more
 * tariffs than a row holds, or the item belongs to no reading set.
 */
export type SetItemProblem =
  | 'value_absent'
  | 'value_invalid'
  | 'length_mismatch'
  | 'more_than_four_tariffs'
  | 'unknown_item'

export interface SetItemError {
  readonly kind: SetItemProblem
}
