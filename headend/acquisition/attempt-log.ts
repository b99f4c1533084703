import type { MeterId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { CollectedReading, FailedAttempt } from '../../storage/headend/collected.js'
import type { FailureCause } from './failure-cause.js'
import type { OpenRead } from './line-reader.js'

/** What one line brought since the last time it was stored. */
export interface CollectedBatch {
  readonly readings: readonly CollectedReading[]
  readonly failures: readonly FailedAttempt[]
}

/** The attempts of one line in one window, kept until they are stored. */
export interface AttemptLog {
  readonly addReading: (due: OpenRead, reading: CollectedReading) => void
  readonly addFailure: (due: OpenRead, cause: FailureCause) => void
  readonly hasFailed: (due: OpenRead) => boolean
  /** Why the last attempt at any due point of the meter failed; null when none did. */
  readonly lastCause: (meterId: MeterId) => FailureCause | null
  /** Takes what was added since the last time. */
  readonly take: () => CollectedBatch
  /** Attempts that wait to be taken. */
  readonly waiting: () => number
  readonly counts: () => { readonly read: number; readonly repaired: number }
}

export function createAttemptLog(clock: Clock): AttemptLog {
  const failed = new Set<OpenRead>()
  const lastCauses = new Map<MeterId, FailureCause>()
  let readings: CollectedReading[] = []
  let failures: FailedAttempt[] = []
  let read = 0
  let repaired = 0
  return {
    addReading(due, reading) {
      readings.push(reading)
      read += 1
      if (failed.has(due)) repaired += 1
    },
    addFailure(due, cause) {
      failed.add(due)
      lastCauses.set(due.meterId, cause)
      failures.push({ meterId: due.meterId, readAt: due.readAt, cause, failedAt: clock.now() })
    },
    hasFailed: (due) => failed.has(due),
    lastCause: (meterId) => lastCauses.get(meterId) ?? null,
    take() {
      const batch = { readings, failures }
      readings = []
      failures = []
      return batch
    },
    waiting: () => readings.length + failures.length,
    counts: () => ({ read, repaired }),
  }
}
