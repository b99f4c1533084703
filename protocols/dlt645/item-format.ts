import type { Result } from '../../domain/result.js'

/** Why a payload has no value: the meter has none (all FFH), the bytes are no such value, or their number does not fit. */
export type ItemError =
  | { readonly kind: 'value_absent' }
  | { readonly kind: 'value_invalid' }
  | { readonly kind: 'length_mismatch' }
  | { readonly kind: 'more_than_four_tariffs' }

/** How the payload of one kind of item is read and written; the two directions are exact inverses. */
export interface ItemFormat<T> {
  readonly decode: (payload: Buffer) => Result<T, ItemError>
  readonly encode: (value: T) => Buffer
}
