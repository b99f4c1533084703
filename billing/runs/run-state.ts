import { err, ok, type Result } from '../../domain/result.js'
import type { RunState } from '../../storage/billing/runs.js'

/**
 * A run goes one way, step by step:
 * - `frozen`: inputs are fixed under the manifest's hash; entered by the freeze.
 * - `dry_run`: every segment has a result; entered from `frozen`.
 * - `reviewed`: a person accepted exactly these digests; entered from `dry_run`.
 * - `issued`: every segment's bills exist; entered from `reviewed`.
 * - `posted`: every segment's entries are in the chain; entered from `issued`, left by nothing in this product yet.
 */
const order: readonly RunState[] = ['frozen', 'dry_run', 'reviewed', 'issued', 'posted']

export type RunStep = 'dry_run' | 'review' | 'issue' | 'post'

const outcomes = { dry_run: 'dry_run', review: 'reviewed', issue: 'issued', post: 'posted' } as const

export interface Transition {
  readonly to: RunState
  /** The step was taken before; taking it again changes nothing. */
  readonly done: boolean
}

export function transition(
  from: RunState,
  step: RunStep,
): Result<Transition, { readonly kind: 'step_out_of_order'; readonly needs: RunState }> {
  const to = outcomes[step]
  const target = order.indexOf(to)
  const needs = order[target - 1]
  if (order.indexOf(from) >= target) return ok({ to, done: true })
  return needs === undefined || from !== needs
    ? err({ kind: 'step_out_of_order', needs: needs ?? 'frozen' })
    : ok({ to, done: false })
}
