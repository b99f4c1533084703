import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { FailureCause } from '../acquisition/failure-cause.js'

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
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly cause: FailureCause }

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
  /** Runs what is released, and waits for what will be, until nothing is left or `until`. What is left afterwards stays. */
  readonly run: (until: Instant) => Promise<void>
  readonly waiting: () => readonly LineJob[]
  /** Takes back what has not begun. */
  readonly drop: (keep: (job: LineJob) => boolean) => readonly LineJob[]
}

export interface AdmittedJob {
  readonly admission: Admission
  /** Null for a job that was refused or that the line could not begin in time. */
  readonly outcome: Promise<JobOutcome | null>
}
