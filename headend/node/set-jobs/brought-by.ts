import type { FailureCause } from '../../acquisition/failure-cause.js'
import type { SetItemCause } from '../../reading-sets/ask-item.js'
import { type SetOutcome, unreadableOf } from '../../reading-sets/set-outcome.js'
import type { SetBrought } from './set-job.js'

export const nothingBrought: SetBrought = {
  values: [],
  readings: [],
  unreadable: [],
  counts: [],
  absent: null,
  cause: null,
  isGone: false,
}

/** @param counts which problems make a set not whole. */
export function broughtBy(outcome: SetOutcome, counts: (cause: SetItemCause) => boolean = () => true): SetBrought {
  const cause = outcome.problems.find((problem) => counts(problem.cause))?.cause ?? null
  const isGone = outcome.problems.some((problem) => isGoneBy(problem.cause))
  return { ...nothingBrought, values: outcome.values, unreadable: unreadableOf(outcome), cause, isGone }
}

/** What a meter does not have by its own word is not missing. */
export function isKept(cause: SetItemCause): boolean {
  return cause !== 'no_such_data' && cause !== 'value_absent'
}

export function isGoneBy(cause: FailureCause | SetItemCause): boolean {
  return cause === 'line_down' || cause === 'line_lost' || cause === 'no_reply' || cause === 'wrong_answer'
}
