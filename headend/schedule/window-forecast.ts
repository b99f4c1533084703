import type { Instant } from '../../domain/time.js'
import type { AttemptEstimate } from './airtime.js'
import { checkFeasibility, type UnfitJob } from './feasibility.js'

/** A due point as the forecast sees it, in the order of trying. */
export interface ForecastJob extends AttemptEstimate {
  readonly key: string
}

/** What a window on a line is expected to take, said before it opens. */
export interface WindowForecast {
  readonly jobs: number
  /** Time in which the line is busy. */
  readonly airtimeMs: number
  readonly endsAt: Instant
  /** Due points that cannot be read before the window closes; the rest goes on without them. */
  readonly unfit: readonly UnfitJob[]
  /** Airtime that those would need. */
  readonly missingMs: number
}

/** Less than this is expected to be open when the line is done. */
const leastOpen = 0.5

/**
 * Runs the window in expectation: each pass tries what the one before left open. With the same speed, meters and order the line does
 * what is said here, apart from chance.
 */
export function forecastWindow(
  jobs: readonly ForecastJob[],
  window: { readonly passStarts: readonly Instant[]; readonly end: Instant },
): WindowForecast {
  const [first = window.end] = window.passStarts
  const planned = jobs.map(({ key, expectedMs }, index) => ({
    key,
    releaseAt: first,
    deadline: window.end,
    priority: index,
    airtimeMs: expectedMs,
  }))
  const { fits, unfit } = checkFeasibility(planned, first)
  const fitting = new Set(fits.map(({ key }) => key))
  const { airtimeMs, endsAt } = expectedPasses(
    jobs.filter(({ key }) => fitting.has(key)),
    window,
  )
  const missingMs = jobs.reduce((total, { key, expectedMs }) => (fitting.has(key) ? total : total + expectedMs), 0)
  return { jobs: jobs.length, airtimeMs, endsAt, unfit, missingMs }
}

function expectedPasses(
  jobs: readonly ForecastJob[],
  { passStarts, end }: { readonly passStarts: readonly Instant[]; readonly end: Instant },
): { readonly airtimeMs: number; readonly endsAt: Instant } {
  let open = jobs.map((job) => ({ job, share: 1 }))
  let airtimeMs = 0
  let endsAt = passStarts[0] ?? end
  for (const start of passStarts) {
    if (open.reduce((total, { share }) => total + share, 0) < leastOpen || start >= end) break
    const passMs = open.reduce((total, { job, share }) => total + share * job.attemptMs, 0)
    airtimeMs += passMs
    endsAt = Math.min(end, Math.max(endsAt, start) + passMs)
    open = open.map(({ job, share }) => ({ job, share: share * (1 - job.successShare) }))
  }
  return { airtimeMs, endsAt }
}
