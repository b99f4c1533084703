import type { ClockClass, ClockLimits } from '../../domain/clock-limits.js'
import { dayMs, type Instant, secondMs } from '../../domain/time.js'

/** When a meter can have looked at its clock for a reply: after it had heard the request, before it began to talk. */
export interface AskedBetween {
  /** The request was on its way from here on at the earliest. */
  readonly askedAt: Instant
  /** The last byte of the reply was there. */
  readonly answeredAt: Instant
  readonly requestBytes: number
  readonly replyBytes: number
  /** Null for a carrier that costs no time. */
  readonly baud: number | null
}

/** A meter's clock less ours at `at`; the truth lies within ± uncertaintyMs. */
export interface ClockOffset {
  readonly at: Instant
  readonly offsetMs: number
  readonly uncertaintyMs: number
}

/** Start, eight data bits, even parity, stop. */
const bitsPerByte = 11

/**
 * How far a clock that showed a whole second is off. The second had begun at most a second before the meter looked, and it looked
 * between the end of the request and the beginning of the reply: half of both is what nobody can know.
 */
export function clockOffset(shown: Instant, asked: AskedBetween): ClockOffset {
  const earliest = asked.askedAt + airtimeMs(asked.requestBytes, asked.baud)
  const latest = Math.max(earliest, asked.answeredAt - airtimeMs(asked.replyBytes, asked.baud))
  const at = Math.round((earliest + latest) / 2)
  return {
    at,
    offsetMs: Math.round(shown + secondMs / 2 - (earliest + latest) / 2),
    uncertaintyMs: Math.ceil((latest - earliest + secondMs) / 2),
  }
}

function airtimeMs(bytes: number, baud: number | null): number {
  return baud === null ? 0 : Math.floor((bytes * bitsPerByte * secondMs) / baud)
}

/**
 * Milliseconds that the clock gained in a day between two checks. Null where they are too close to each other for the limits, or
 * disagree by less than they are uncertain of: then there is no drift to tell.
 */
export function clockDrift(
  earlier: ClockOffset,
  later: ClockOffset,
  { leastDriftSpanMs }: Pick<ClockLimits, 'leastDriftSpanMs'>,
): number | null {
  const spanMs = later.at - earlier.at
  if (spanMs < leastDriftSpanMs) return null
  const gainMs = later.offsetMs - earlier.offsetMs
  const isTold = Math.abs(gainMs) > earlier.uncertaintyMs + later.uncertaintyMs
  return isTold ? Math.round((gainMs * dayMs) / spanMs) : 0
}

/** What a clock is worth. What the check is unsure of counts for the meter: only what is certainly beyond a limit is beyond it. */
export function classifyClock(
  { offsetMs, uncertaintyMs }: Pick<ClockOffset, 'offsetMs' | 'uncertaintyMs'>,
  driftMsPerDay: number | null,
  limits: ClockLimits,
): ClockClass {
  const certainMs = Math.max(0, Math.abs(offsetMs) - uncertaintyMs)
  if (certainMs > limits.absurdMs) return 'absurd'
  if (certainMs > limits.outOfLimitMs) return 'out_of_limit'
  const drifts = driftMsPerDay !== null && Math.abs(driftMsPerDay) > limits.driftMsPerDay
  return certainMs > limits.okMs || drifts ? 'drifting' : 'ok'
}
