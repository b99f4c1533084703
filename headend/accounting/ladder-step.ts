import { cutOffOf, type ReadLadder } from '../../domain/read-ladder.js'
import type { Calendar, Instant } from '../../domain/time.js'

export type LadderStep = 'retry' | 'back_fill' | 'on_demand' | 'field_order' | 'estimate' | 'decide'

/** Steps in their order. */
export const ladderSteps: readonly LadderStep[] = [
  'retry',
  'back_fill',
  'on_demand',
  'field_order',
  'estimate',
  'decide',
]

/** What the ladder needs to know of an open point. */
export interface OnLadder {
  readonly dueAt: Instant
  /** Whether a meter can still be asked for it; registers that a person notes cannot. */
  readonly remote: boolean
  /** Nightly windows with a failed attempt. */
  readonly failedWindows: number
  /** The meter's memory does not hold it, and no visit would find it there either. */
  readonly memoryGone: boolean
  /** A value is there and held: the ladder got it, and the exception queue has it. */
  readonly held: boolean
  /** Outcome is null while the order is out. */
  readonly fieldOrder: { readonly dueAt: Instant; readonly outcome: string | null } | null
}

export interface StandingStep {
  readonly step: LadderStep
  /** When the step has to have settled the point; never after the cut-off of its period. */
  readonly deadline: Instant
}

/**
 * Where an open point stands on the ladder at an instant. A step that is over gives way to the next one whether or not anybody took it,
 * so that a point never waits for something that will not come.
 */
export function ladderStep(point: OnLadder, ladder: ReadLadder, calendar: Calendar, asOf: Instant): StandingStep {
  const cutOff = cutOffOf(point.dueAt, calendar, ladder)
  const until = (step: LadderStep, deadline: Instant): StandingStep => ({ step, deadline: Math.min(deadline, cutOff) })
  const { fieldOrder, dueAt } = point
  if (point.held) return until('decide', cutOff)
  const age = asOf - dueAt
  if (fieldOrder !== null && fieldOrder.outcome === null && asOf < cutOff) return until('field_order', fieldOrder.dueAt)
  if (fieldOrder !== null || point.memoryGone || age >= ladder.estimateMs) return until('estimate', cutOff)
  if (!point.remote) return until('field_order', dueAt + ladder.fieldOrderMs)
  const spent = point.failedWindows >= ladder.fieldOrderWindows
  if (age < ladder.retryMs) return until('retry', dueAt + ladder.retryMs)
  if (age < ladder.backFillMs && !spent) return until('back_fill', dueAt + ladder.backFillMs)
  if (age < ladder.onDemandMs && !spent) return until('on_demand', dueAt + ladder.onDemandMs)
  return until('field_order', dueAt + ladder.estimateMs)
}
