import type { Instant } from '../../domain/time.js'
import { backOffMs } from '../../storage/work/work-items.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import type { WindowSpan } from '../plan/plan-coverage.js'

/** What one pass over a line came to. */
export interface PassOutcome {
  /** `interrupted`: the node ends, or has lost the line. */
  readonly kind: 'passed' | 'line_down' | 'interrupted'
  readonly open: number
  /** When silent meters are seen to again between the passes. */
  readonly probeAt?: Instant | null
}

export type NextStep =
  | { readonly kind: 'complete'; readonly detail: string }
  | { readonly kind: 'put_off'; readonly dueAt: Instant; readonly detail: string }

/**
 * What becomes of a window after a pass. Between passes it goes back on the list, so that whoever has a hand free takes the next one.
 * A line that is down is tried again with a growing delay, and not only at the next pass.
 */
export function nextStep(
  { kind, open, probeAt = null }: PassOutcome,
  {
    now,
    span,
    attempt,
    retry,
  }: {
    readonly now: Instant
    readonly span: WindowSpan
    readonly attempt: number
    readonly retry: CollectionPlan['ladder']['retry']
  },
): NextStep {
  if (kind === 'interrupted') return { kind: 'put_off', dueAt: now, detail: `given back, ${open} open` }
  if (open === 0) return { kind: 'complete', detail: 'all read' }
  // The last look at uploads lies on the end of the window itself.
  const nextPass = span.passStarts.find((start) => start > now) ?? Number.POSITIVE_INFINITY
  if (kind === 'passed' && probeAt !== null && probeAt < Math.min(nextPass, span.end))
    return { kind: 'put_off', dueAt: Math.max(probeAt, now), detail: `${open} open, silent meters to be tried again` }
  const dueAt = kind === 'line_down' ? now + lineDelayMs(attempt, retry) : nextPass
  if (dueAt >= span.end && (dueAt !== nextPass || nextPass > span.end))
    return { kind: 'complete', detail: `window over, ${open} open` }
  return {
    kind: 'put_off',
    dueAt,
    detail: kind === 'line_down' ? `line down, ${open} open` : `${open} open after a pass`,
  }
}

function lineDelayMs(
  attempt: number,
  { firstDelaySeconds, longestDelaySeconds }: CollectionPlan['ladder']['retry'],
): number {
  const policy = {
    attempts: Number.POSITIVE_INFINITY,
    firstDelayMs: firstDelaySeconds * 1000,
    longestDelayMs: longestDelaySeconds * 1000,
  }
  return backOffMs(attempt, policy) ?? policy.longestDelayMs
}
