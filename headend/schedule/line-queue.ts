import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { admit } from './admission.js'
import { earliestDeadlineFirst } from './feasibility.js'
import type { AdmittedJob, JobOutcome, LineJob, LineQueue } from './line-job.js'

export interface LineQueueOptions {
  readonly clock: Clock
  /** Nobody is made to wait longer than this for an on-demand request to begin. */
  readonly longestWaitMs?: number
}

const usualLongestWaitMs = minuteMs

interface Request {
  readonly job: LineJob
  readonly resolve: (outcome: JobOutcome | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * One line's jobs, one at a time and never interrupted, so that a long one has the line for itself. Requests that somebody waits for
 * go in the order of their coming between two jobs of the plan, as far as the plan can afford them.
 */
export function createLineQueue({ clock, longestWaitMs = usualLongestWaitMs }: LineQueueOptions): LineQueue {
  const planned = new Map<string, LineJob>()
  /** The plan as it was last sorted, the first at the end; null since something was added. Jobs taken back are still in it. */
  let inOrder: LineJob[] | null = null
  const requests: Request[] = []
  let isClosed = false
  let busyUntil: Instant = Number.NEGATIVE_INFINITY
  let wake: () => void = () => undefined

  /** The first of the plan that is released, taken out of it. */
  function nextPlanned(now: Instant): LineJob | null {
    inOrder ??= [...planned.values()].toSorted(earliestDeadlineFirst).toReversed()
    for (let at = inOrder.length - 1; at >= 0; at -= 1) {
      const job = inOrder[at]
      if (job === undefined || job.releaseAt > now) continue
      inOrder.splice(at, 1)
      if (planned.get(job.key) !== job) continue
      planned.delete(job.key)
      return job
    }
    return null
  }

  async function runJob(job: LineJob): Promise<JobOutcome | null> {
    const now = clock.now()
    if (now >= job.deadline) return null
    busyUntil = now + job.airtimeMs
    try {
      return await job.run()
    } finally {
      busyUntil = Number.NEGATIVE_INFINITY
    }
  }

  /** Runs one job; false when none may begin now. */
  async function runNext(): Promise<boolean> {
    const request = requests.shift()
    if (request !== undefined) {
      await runJob(request.job).then(request.resolve, request.reject)
      return true
    }
    const job = nextPlanned(clock.now())
    if (job !== null) await runJob(job)
    return job !== null
  }

  /** Until the instant, or until somebody asks for something. */
  async function rest(until: Instant): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(until - clock.now(), resolve)
      wake = () => {
        timer.cancel()
        resolve()
      }
    })
    wake = () => undefined
  }

  function nextReleaseAfter(now: Instant, until: Instant): Instant {
    return [...planned.values()].reduce(
      (next, { releaseAt }) => (releaseAt > now ? Math.min(next, releaseAt) : next),
      until,
    )
  }

  return {
    add(job) {
      if (planned.has(job.key)) return false
      planned.set(job.key, job)
      inOrder = null
      return true
    },
    admit(job): AdmittedJob {
      const refused = (admission: AdmittedJob['admission']) => ({ admission, outcome: Promise.resolve(null) })
      if (isClosed) return refused({ kind: 'refused', reason: 'line_closed', missingMs: 0 })
      const now = clock.now()
      const admission = admit(
        {
          now,
          busyUntil: Math.max(now, busyUntil),
          admitted: requests.map((each) => each.job),
          planned: [...planned.values()],
          longestWaitMs,
        },
        job,
      )
      if (admission.kind === 'refused') return refused(admission)
      const outcome = new Promise<JobOutcome | null>((resolve, reject) => requests.push({ job, resolve, reject }))
      // Whoever asked hears of a failure; nobody else has to.
      outcome.catch(() => undefined)
      wake()
      return { admission, outcome }
    },
    async runReleased(until) {
      while (clock.now() < until && (await runNext()));
    },
    async serveUntil(until) {
      while (clock.now() < until) {
        if (!(await runNext())) await rest(nextReleaseAfter(clock.now(), until))
      }
    },
    planned: () => [...planned.values()],
    drop: (key) => void planned.delete(key),
    close() {
      isClosed = true
      planned.clear()
      for (const { resolve } of requests.splice(0)) resolve(null)
    },
  }
}
