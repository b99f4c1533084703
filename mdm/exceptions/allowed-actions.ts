import type { DecisionAction } from '../../domain/exception-policy.js'

/** Holds of an account that a person can answer for: the quantity is known, only its look is strange. */
const releasableHolds: ReadonlySet<string> = new Set(['usage_unlike_history', 'contradicted'])

export type NotDecidableReason =
  | 'action_not_for_kind'
  | 'no_claim_to_accept'
  | 'waits_for_approval'
  | 'value_does_not_fit_display'
  | 'not_open'

/** Whether an action makes sense for a kind of exception; `rules` of an account's hold is its code. */
export function isAllowed(action: DecisionAction, { kind, rules, meterId, readAt }: Subject): boolean {
  const isReading = meterId !== null && readAt !== null
  switch (kind) {
    case 'held_reading':
      return action !== 'undo'
    case 'missing_reading':
      return action !== 'undo' && action !== 'accept' && action !== 'reject'
    case 'determinant_hold':
      return action === 'hold' || (action === 'accept' && rules.every((rule) => releasableHolds.has(rule)))
    default:
      if (action === 'correct' || action === 'field_order') return isReading
      return action === 'accept' || action === 'reject' || action === 'hold'
  }
}

interface Subject {
  readonly kind: string
  readonly rules: readonly string[]
  readonly meterId: bigint | null
  readonly readAt: number | null
}
