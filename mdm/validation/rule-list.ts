import { aboveFullest } from './rules/above-fullest.js'
import { apartFromPeers } from './rules/apart-from-peers.js'
import { clockLost } from './rules/clock-lost.js'
import { clockSkew } from './rules/clock-skew.js'
import { decrease } from './rules/decrease.js'
import { demandAboveCapacity } from './rules/demand-above-capacity.js'
import { disputed } from './rules/disputed.js'
import { drop } from './rules/drop.js'
import { duplicate } from './rules/duplicate.js'
import { jump } from './rules/jump.js'
import { liveTolerance } from './rules/live-tolerance.js'
import { nearAbsolute } from './rules/near-absolute.js'
import { reverseRunning } from './rules/reverse-running.js'
import { rollover } from './rules/rollover.js'
import { spike } from './rules/spike.js'
import { staleRepeat } from './rules/stale-repeat.js'
import { swappedPair } from './rules/swapped-pair.js'
import { tariffSum } from './rules/tariff-sum.js'
import { unitSlip } from './rules/unit-slip.js'
import { zeroRun } from './rules/zero-run.js'
import type { RuleName } from './rule-names.js'
import type { ValidationRule } from './rule.js'

/** A rule that is called by another name is another rule: decisions keep the names. */
export const rules: Readonly<Record<RuleName, ValidationRule>> = {
  disputed,
  live_tolerance: liveTolerance,
  decrease,
  reverse_running: reverseRunning,
  spike,
  tariff_sum: tariffSum,
  near_absolute: nearAbsolute,
  unit_slip: unitSlip,
  swapped_pair: swappedPair,
  duplicate,
  clock_lost: clockLost,
  clock_skew: clockSkew,
  rollover,
  jump,
  above_fullest: aboveFullest,
  drop,
  apart_from_peers: apartFromPeers,
  zero_run: zeroRun,
  stale_repeat: staleRepeat,
  demand_above_capacity: demandAboveCapacity,
}
