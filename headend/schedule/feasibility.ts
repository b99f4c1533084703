import type { Instant } from '../../domain/time.js'
import type { LineJob } from './line-job.js'

/** What the plan of a line needs to know of a job. */
export type PlannedJob = Pick<LineJob, 'key' | 'releaseAt' | 'deadline' | 'priority' | 'airtimeMs'>

export interface Feasibility {
  /** In the order in which they will run. */
  readonly fits: readonly PlannedJob[]
  readonly unfit: readonly UnfitJob[]
  /** When the last of those that fit ends; `from` where there are none. */
  readonly endsAt: Instant
}

/** A job that cannot end in time beside the others. */
export interface UnfitJob {
  readonly key: string
  /** How much later than its deadline it would end. */
  readonly missingMs: number
}

/**
 * Which jobs of a line can end in time when the earliest deadline goes first and one runs after the other. Where they cannot all,
 * the lowest priority among those in the way is left out, of these the longest, so that as few as possible are lost and the rest goes
 * on as if it had never been asked for.
 */
export function checkFeasibility(jobs: readonly PlannedJob[], from: Instant): Feasibility {
  const fits: PlannedJob[] = []
  const unfit: UnfitJob[] = []
  let endsAt = from
  for (const job of jobs.toSorted(earliestDeadlineFirst)) {
    fits.push(job)
    endsAt = Math.max(endsAt, job.releaseAt) + job.airtimeMs
    if (endsAt <= job.deadline) continue
    const missingMs = Math.ceil(endsAt - job.deadline)
    const at = indexOfLeast(fits)
    unfit.push(...fits.splice(at, 1).map(({ key }) => ({ key, missingMs })))
    endsAt = endOf(fits, from)
  }
  return { fits, unfit, endsAt }
}

/** Which of two jobs goes first when both may: the earlier deadline, then the lower priority number, then the name. */
export function earliestDeadlineFirst(a: PlannedJob, b: PlannedJob): number {
  return a.deadline - b.deadline || a.priority - b.priority || (a.key < b.key ? -1 : Number(a.key > b.key))
}

function endOf(jobs: readonly PlannedJob[], from: Instant): Instant {
  return jobs.reduce((endsAt, { releaseAt, airtimeMs }) => Math.max(endsAt, releaseAt) + airtimeMs, from)
}

function indexOfLeast(jobs: readonly PlannedJob[]): number {
  let least = 0
  for (const [index, job] of jobs.entries()) {
    const other = jobs[least]
    if (other === undefined || job.priority < other.priority) continue
    if (job.priority > other.priority || job.airtimeMs >= other.airtimeMs) least = index
  }
  return least
}
