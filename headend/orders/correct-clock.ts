import { unreachable } from '../../domain/result.js'
import { secondMs } from '../../domain/time.js'
import type { ShownClock } from './judge-order.js'
import type { OrderAct } from './order-kinds.js'

export interface ClockLimits {
  /** Up to here a clock is right. */
  readonly tolerableMs: number
  /** Up to here broadcast time puts it right. */
  readonly broadcastStepMs: number
  /** An order may make a step so much larger than what was measured: the clock runs on until it is used. */
  readonly marginMs: number
}

export type ClockCorrection =
  | { readonly kind: 'none' }
  /** Within what the standing order may correct. */
  | { readonly kind: 'broadcast' }
  /** An order for this meter alone; somebody proposes and somebody else approves it. */
  | { readonly kind: 'order'; readonly act: Extract<OrderAct, { kind: 'set_clock' }> }

export const usualClockLimits: ClockLimits = {
  tolerableMs: 60 * secondMs,
  broadcastStepMs: 240 * secondMs,
  marginMs: 30 * secondMs,
}

/**
 * What a clock check asks for. A drift counts only where it is certain (|offset| less uncertainty is beyond what is tolerable), and
 * broadcast is enough only where it surely is (|offset| plus uncertainty is within its step).
 * @param sameDay whether the meter showed the local day that it was.
 */
export function correctClock(
  { offsetMs, uncertaintyMs }: ShownClock,
  sameDay: boolean,
  limits: ClockLimits = usualClockLimits,
): ClockCorrection {
  const size = Math.abs(offsetMs)
  const which =
    size - uncertaintyMs <= limits.tolerableMs
      ? 'none'
      : size + uncertaintyMs <= limits.broadcastStepMs && sameDay
        ? 'broadcast'
        : 'order'
  switch (which) {
    case 'none':
    case 'broadcast':
      return { kind: which }
    case 'order': {
      const mostStepSeconds = Math.ceil((size + uncertaintyMs + limits.marginMs) / secondMs)
      return { kind: which, act: { kind: 'set_clock', item: '0400010C', mostStepSeconds, acrossDays: !sameDay } }
    }
    default:
      return unreachable(which)
  }
}
