export type CurveRuleName =
  | 'too_many_intervals'
  | 'off_grid'
  | 'disputed_slot'
  | 'missing_intervals'
  | 'register_decreased'
  | 'spike'
  | 'zero_run'
  | 'interval_sum'
  | FillProblem

/** Why a stretch is left as it is. */
export type FillProblem = 'gap_open' | 'gap_too_long' | 'gap_above_peak'
