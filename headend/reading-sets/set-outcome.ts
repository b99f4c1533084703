import type { CollectedValue, ValueFrame } from '../../storage/headend/collected-values.js'
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

/** After these the meter is not asked for the rest of the set: it or its line is gone. */
export function endsSet(cause: SetItemCause): boolean {
  return cause === 'line_down' || cause === 'no_reply'
}
