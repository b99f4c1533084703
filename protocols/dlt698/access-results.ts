/**
 * DAR, the result of an access, by name.
 * Source: DL/T 698.45, type DAR, as two independent public implementations list it (0 to 36, 255); 37 to 254 are reserved.
 */
const names: ReadonlyMap<number, string> = new Map([
  [0, 'success'],
  [1, 'hardware_failure'],
  [2, 'temporary_failure'],
  [3, 'read_write_denied'],
  [4, 'object_undefined'],
  [5, 'object_class_inconsistent'],
  [6, 'object_not_available'],
  [7, 'type_mismatch'],
  [8, 'scope_exceeded'],
  [9, 'data_block_unavailable'],
  [10, 'long_transfer_cancelled'],
  [11, 'no_long_transfer_in_progress'],
  [12, 'block_write_cancelled'],
  [13, 'no_block_write_in_progress'],
  [14, 'data_block_number_invalid'],
  [15, 'password_wrong_or_unauthorized'],
  [16, 'baud_rate_not_changeable'],
  [17, 'year_zones_exceeded'],
  [18, 'day_slots_exceeded'],
  [19, 'tariffs_exceeded'],
  [20, 'security_authentication_mismatch'],
  [21, 'recharge_repeated'],
  [22, 'esam_verification_failed'],
  [23, 'security_authentication_failed'],
  [24, 'customer_number_mismatch'],
  [25, 'recharge_count_wrong'],
  [26, 'purchase_exceeds_hoarding_limit'],
  [27, 'address_abnormal'],
  [28, 'symmetric_decryption_failed'],
  [29, 'asymmetric_decryption_failed'],
  [30, 'signature_wrong'],
  [31, 'meter_suspended'],
  [32, 'time_tag_invalid'],
  [33, 'request_timed_out'],
  [34, 'esam_p1p2_incorrect'],
  [35, 'esam_lc_wrong'],
  [36, 'comparison_failed'],
  [255, 'other'],
])

/** Name of a DAR; null for one that the standard reserves. */
export function accessResultName(dar: number): string | null {
  return names.get(dar) ?? null
}
