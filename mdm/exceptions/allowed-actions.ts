import type { DecisionAction, ExceptionPolicy } from '../../domain/exception-policy.js'

export type NotDecidableReason =
  | 'action_not_for_kind'
  | 'no_claim_to_accept'
  | 'claim_not_named'
  | 'waits_for_approval'
  | 'value_does_not_fit_display'
  | 'value_does_not_add_up'
  | 'value_outside_neighbours'
  | 'value_needs_override'
  | 'not_open'

/** Whether an action makes sense for a kind of exception; `rules` of an account's hold is its code. */
export function isAllowed(
  action: DecisionAction,
  { kind, rules, meterId, readAt }: Subject,
  { releasableHolds }: Pick<ExceptionPolicy, 'releasableHolds'>,
): boolean {
  const isReading = meterId !== null && readAt !== null
  switch (kind) {
    case 'held_reading':
      return action !== 'undo'
    case 'missing_reading':
      return action !== 'undo' && action !== 'accept' && action !== 'reject'
    case 'determinant_hold':
      return action === 'hold' || (action === 'accept' && rules.every((rule) => releasableHolds.includes(rule)))
    default:
      if (action === 'field_order') return isReading
      if (action === 'correct') return kind === 'doubtful_reading' || kind === 'questioned_reading'
      return action === 'accept' || action === 'reject' || action === 'hold'
  }
}

interface Subject {
  readonly kind: string
  readonly rules: readonly string[]
  readonly meterId: bigint | null
  readonly readAt: number | null
}
