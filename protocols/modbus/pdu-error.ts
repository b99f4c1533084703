/** Why bytes are no request or no reply. `at` counts from the function code. */
export type PduError =
  | { readonly kind: 'unknown_function'; readonly at: number; readonly actual: number }
  /** Another number of bytes than the function has. */
  | { readonly kind: 'length_mismatch'; readonly at: number; readonly expected: number; readonly actual: number }
  /** The byte count contradicts the count of bits or registers. */
  | { readonly kind: 'byte_count_mismatch'; readonly at: number; readonly expected: number; readonly actual: number }
  | { readonly kind: 'count_out_of_range'; readonly at: number; readonly expected: number; readonly actual: number }
  /** Address and count lead beyond 65535. */
  | { readonly kind: 'address_out_of_range'; readonly at: number; readonly expected: number; readonly actual: number }
  /** Neither 0000H nor FF00H for a coil. */
  | { readonly kind: 'coil_value_invalid'; readonly at: number; readonly actual: number }
