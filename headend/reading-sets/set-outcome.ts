import type { QuarantinedMessage } from '../../storage/headend/collected.js'
import type { CollectedValue, ValueFrame } from '../../storage/headend/collected-values.js'
import type { JobOutcome } from '../schedule/line-job.js'
import type { SetItemCause, Unanswered } from './ask-item.js'

/** What a reading set brought. A set is never all or nothing: what one item says stands, whatever became of the others. */
export interface SetOutcome {
  readonly values: readonly CollectedValue[]
  readonly problems: readonly SetProblem[]
}

/** An item without a value. */
export interface SetProblem {
  readonly dataIdentifier: string
  readonly cause: SetItemCause
  /** A sound answer that is no value: it goes to quarantine as it came. */
  readonly frame: ValueFrame | null
}

export function toProblem(dataIdentifier: string, { kind: cause, frame }: Unanswered): SetProblem {
  return { dataIdentifier, cause, frame }
}

/** What the line's queue is told of a set: whether the meter is to be spared for now. Single items without a value are no failure. */
export function jobOutcomeOf({ problems }: SetOutcome): JobOutcome {
  for (const { cause } of problems) if (endsSet(cause)) return { kind: 'failed', cause }
  return { kind: 'done' }
}

/** What is to be kept aside of a set: sound answers that are no value. */
export function unreadableOf({ problems }: SetOutcome): readonly QuarantinedMessage[] {
  return problems.flatMap(({ cause, frame }) =>
    cause === 'invalid_value' && frame !== null
      ? [{ reason: 'value_invalid', payload: frame.response, receivedAt: frame.receivedAt }]
      : [],
  )
}

/** After these the meter is not asked for the rest of the set: it or its line is gone, or somebody else answers for it. */
export function endsSet(cause: SetItemCause): cause is 'line_down' | 'line_lost' | 'no_reply' | 'wrong_answer' {
  return cause === 'line_down' || cause === 'line_lost' || cause === 'no_reply' || cause === 'wrong_answer'
}
