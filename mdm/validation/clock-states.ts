import { groupBy } from '../../domain/group-by.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { type ClockCheckRow, clockCheckReachMs } from '../../storage/mdm/validation-shard.js'
import type { ClockState } from './rule.js'

/**
 * What each meter's clock was worth at an instant: the worse of the last check before it and the first one behind, since nobody knows
 * when between the two it went wrong.
 */
export function clockStates(checks: readonly ClockCheckRow[]): (meterId: MeterId, at: Instant) => ClockState {
  const byMeter = groupBy(checks, ({ meterId }) => meterId)
  return (meterId, at) => stateAt(byMeter.get(meterId) ?? [], at)
}

function stateAt(checks: readonly ClockCheckRow[], at: Instant): ClockState {
  let before: ClockCheckRow | null = null
  let behind: ClockCheckRow | null = null
  for (const check of checks) {
    if (check.checkedAt <= at) {
      if (check.checkedAt > at - clockCheckReachMs && (before === null || check.checkedAt > before.checkedAt))
        before = check
    } else if (check.checkedAt <= at + clockCheckReachMs && (behind === null || check.checkedAt < behind.checkedAt))
      behind = check
  }
  const classes = new Set([before?.class, behind?.class])
  if (classes.has('absurd')) return 'absurd'
  return classes.has('out_of_limit') ? 'out_of_limit' : 'trusted'
}
