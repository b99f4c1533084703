import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { FailureCause, NoAttempt } from '../acquisition/failure-cause.js'

/**
 * A piece of work on a line that nobody interrupts: one due point, one curve, one long block with all its parts. What must not be
 * cut off by another request to the same meter belongs into one job.
 */
export interface LineJob {
  /** Names the job on its line; a second job under the same key is not taken. */
  readonly key: string
  readonly meterId: MeterId
  /** Earliest moment at which it may begin. */
  readonly releaseAt: Instant
  /** Of no use when it has not ended by then. */
  readonly deadline: Instant
  /** Tells jobs of one deadline apart: lower goes first. */
  readonly priority: number
  /** How long it is expected to keep the line. */
  readonly airtimeMs: number
  readonly run: () => Promise<JobOutcome>
}

/** `no_reply` spares the line the rest of what is wanted from that meter for now. */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly cause: FailureCause | NoAttempt }

/** How a request that somebody waits for is taken. */
export type Admission =
  /** It goes next. */
  | { readonly kind: 'now' }
  | { readonly kind: 'later'; readonly startsAt: Instant }
  | { readonly kind: 'refused'; readonly reason: AdmissionRefusal; readonly missingMs: number }

export type AdmissionRefusal =
  /** It would not end by its deadline. */
  | 'ends_too_late'
  /** Reads of the plan would miss their window for it. */
  | 'would_cost_planned_reads'
  /** More is waiting already than anybody is made to wait for. */
  | 'too_many_waiting'
  /** The line is not being read now. */
  | 'line_closed'

/** The jobs of one line, one after the other: the earliest deadline first. */
export interface LineQueue {
  /** Work of the plan. False when a job of that key is there already. */
  readonly add: (job: LineJob) => boolean
  /** Work that somebody waits for: taken only as far as the plan's own work still ends in time. */
  readonly admit: (job: LineJob) => AdmittedJob
  /** Runs what is released, one after the other, until nothing is left that may begin, or `until`. */
  readonly runReleased: (until: Instant) => Promise<void>
  /** Runs whatever is released or asked for until the instant, and rests between. */
  readonly serveUntil: (until: Instant) => Promise<void>
  /** Work of the plan that has not begun. */
  readonly planned: () => readonly LineJob[]
  /** Takes a job of the plan back that has not begun; does nothing for one that is not there. */
  readonly drop: (key: string) => void
  /** Nothing is taken any more; requests that wait are not run. */
  readonly close: () => void
}

export interface AdmittedJob {
  readonly admission: Admission
  /** Null for a job that was refused or that could not begin in time. */
  readonly outcome: Promise<JobOutcome | null>
}
