/** A rule that speaks with `hold` keeps the value from being used; with `flag` the value stands and is named as doubtful. */
export const severities = ['hold', 'flag'] as const
export type Severity = (typeof severities)[number]

/** What rules are called in decisions and policies. */
export const ruleNames = [
  'disputed',
  'live_tolerance',
  'decrease',
  'reverse_running',
  'spike',
  'tariff_sum',
  'near_absolute',
  'unit_slip',
  'swapped_pair',
  'duplicate',
  'clock_lost',
  'clock_skew',
  'rollover',
  'jump',
  'above_fullest',
  'drop',
  'apart_from_peers',
  'zero_run',
  'stale_repeat',
  'demand_above_capacity',
] as const
export type RuleName = (typeof ruleNames)[number]
