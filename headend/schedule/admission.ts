import type { Instant } from '../../domain/time.js'
import { checkFeasibility, type PlannedJob } from './feasibility.js'
import type { Admission } from './line-job.js'

/** A line at the moment at which somebody asks for more. */
export interface LineLoad {
  readonly now: Instant
  /** When the job that runs now is expected to end; `now` when none does. */
  readonly busyUntil: Instant
  /** Requests that were admitted and wait. */
  readonly admitted: readonly PlannedJob[]
  /** Work of the plan that has not run yet. */
  readonly planned: readonly PlannedJob[]
  /** Nobody is made to wait longer than this for his request to begin. */
  readonly longestWaitMs: number
}

/**
 * Whether a request that somebody waits for can be taken, and when it begins. It goes before the plan's work, behind the requests
 * that were admitted before it; it is refused when it would end too late itself, or when work of the plan that fitted would not fit
 * any more.
 */
export function admit(load: LineLoad, job: PlannedJob): Admission {
  const { now, busyUntil, admitted, planned, longestWaitMs } = load
  const ahead = admitted.reduce((total, each) => total + each.airtimeMs, 0)
  const startsAt = Math.ceil(Math.max(now, busyUntil, job.releaseAt) + ahead)
  const waitMs = startsAt - now
  if (waitMs > longestWaitMs) return { kind: 'refused', reason: 'too_many_waiting', missingMs: waitMs - longestWaitMs }
  const lateMs = Math.ceil(startsAt + job.airtimeMs - job.deadline)
  if (lateMs > 0) return { kind: 'refused', reason: 'ends_too_late', missingMs: lateMs }
  const before = checkFeasibility(planned, busyUntil + ahead)
  const after = checkFeasibility(planned, startsAt + job.airtimeMs)
  const [lost] = after.unfit.slice(before.unfit.length)
  if (lost !== undefined) return { kind: 'refused', reason: 'would_cost_planned_reads', missingMs: lost.missingMs }
  return waitMs === 0 ? { kind: 'now' } : { kind: 'later', startsAt }
}
