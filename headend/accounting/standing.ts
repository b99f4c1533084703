import { beijing, type Instant } from '../../domain/time.js'
import type { DueGroup, DueOutcome } from '../../storage/headend/due-points.js'
import type { AccountSettings } from './account-settings.js'
import { classifyCause, type DueCause } from './classify-cause.js'
import { ladderStep, type StandingStep } from './ladder-step.js'

/** What the pure rules say of points that stand alike. */
export interface Standing {
  readonly cause: DueCause
  /** Null for points that are settled. */
  readonly step: StandingStep | null
}

/** What stands in the way of a cut-off: nothing is there, or what is there is in doubt. */
export function isUnsettled(outcome: DueOutcome): boolean {
  return outcome === 'open' || outcome === 'held'
}

export function standingOf(group: DueGroup, { ladder, precedence }: AccountSettings, asOf: Instant): Standing {
  const { evidence, failedWindows, fieldOrder, readAt, outcome } = group
  const cause = classifyCause(evidence, precedence)
  if (!isUnsettled(outcome)) return { cause, step: null }
  const onLadder = {
    dueAt: readAt,
    remote: evidence.template !== 'noted_registers',
    failedWindows,
    memoryGone: cause === 'memory_overrun',
    held: outcome === 'held',
    fieldOrder,
  }
  return { cause, step: ladderStep(onLadder, ladder, beijing, asOf) }
}
