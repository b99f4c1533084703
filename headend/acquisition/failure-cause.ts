/** Why an attempt at a due point brought no value. Exactly one cause per attempt. */
export const failureCauses = [
  /** The serial server or gateway could not be reached. */
  'line_down',
  'no_reply',
  /** Bytes came, but no frame that holds. */
  'damaged',
  /** Sound replies came, of another meter or about another item. */
  'wrong_answer',
  'refused',
  /** The meter's memory has no freeze for that midnight. */
  'no_freeze',
  /** Freezes are there, but their stamps lead nowhere near that midnight. */
  'wrong_stamp',
  /** A sound frame whose content is no value: not BCD, absent, or of another length. */
  'invalid_value',
  /** The meter's model is unknown, or does not count in a form that is billed. */
  'no_register_map',
  /** The concentrator has delivered nothing for that midnight. */
  'no_upload',
  /** The window ended before its turn came. */
  'window_over',
  /** The meter keeps no freezes, and a live reading no longer counts for that midnight. */
  'live_too_late',
] as const

/** What keeps an attempt from being one: the line may be another's by now, and whoever has it tries. Never recorded. */
export type NoAttempt = 'line_lost'

export type FailureCause = (typeof failureCauses)[number]

/** Either costs the line a whole reply time. */
export function isSilence(cause: string): boolean {
  return cause === 'no_reply' || cause === 'wrong_answer'
}
