/** Why a stretch is left as it is. */
export const fillProblems = ['gap_open', 'gap_too_long', 'gap_above_peak'] as const
export type FillProblem = (typeof fillProblems)[number]

/** What rules are called on days and in policies. */
export const curveRuleNames = [
  'too_many_intervals',
  'off_grid',
  'disputed_slot',
  'missing_intervals',
  'register_decreased',
  'spike',
  'zero_run',
  'interval_sum',
  ...fillProblems,
] as const
export type CurveRuleName = (typeof curveRuleNames)[number]
