import { secondMs } from '../../domain/time.js'
import type { LineCounters } from '../sessions/line-counters.js'
import { bitsPerByte } from '../sessions/reply-timeout.js'

/** How fast a line is: what it is set to, and what was measured on it. */
export interface LineSpeed {
  readonly baud: number
  /** Silence before each request. */
  readonly gapMs: number
  /** From the last byte of a request to the first of its reply, mean over the meters. */
  readonly turnaroundMs: number
  /** Share of the exchanges with meters that are there which bring no sound reply, in [0, 1). */
  readonly lossShare: number
  /** Silence after which a damaged reply is given up. */
  readonly silenceMs: number
  /** Wait for a meter that says nothing. */
  readonly replyTimeoutMs: number
}

/** Bytes of a request and its reply, wake-up bytes included. */
export interface ExchangeSize {
  readonly requestBytes: number
  readonly replyBytes: number
}

/** What a line may be taken for before anything was measured on it: meters think for 20 to 90 ms, and cables are fair. */
export const assumedSpeed = { turnaroundMs: 55, lossShare: 0.01 } as const

export function bytesMs(baud: number, bytes: number): number {
  return (bytes * bitsPerByte * secondMs) / baud
}

/** An exchange that is answered soundly. */
export function answeredMs(speed: LineSpeed, { requestBytes, replyBytes }: ExchangeSize): number {
  return speed.gapMs + bytesMs(speed.baud, requestBytes + replyBytes) + speed.turnaroundMs
}

/** An exchange whose reply is damaged on the way. */
export function damagedMs(speed: LineSpeed, size: ExchangeSize): number {
  return answeredMs(speed, size) + speed.silenceMs
}

/** A request to which nobody says anything. */
export function silentMs(speed: LineSpeed, { requestBytes }: ExchangeSize): number {
  return speed.gapMs + bytesMs(speed.baud, requestBytes) + speed.replyTimeoutMs
}

/** One attempt at exchanges that follow on each other, given up at the first that fails. */
export interface AttemptEstimate {
  readonly attemptMs: number
  readonly successShare: number
  /** Over all attempts until one succeeds; what a meter that stays silent costs each time where it never does. */
  readonly expectedMs: number
}

export function estimateAttempt(
  speed: LineSpeed,
  exchanges: readonly ExchangeSize[],
  meterIsSilent: boolean,
): AttemptEstimate {
  const [first] = exchanges
  if (meterIsSilent && first !== undefined) {
    const attemptMs = silentMs(speed, first)
    return { attemptMs, successShare: 0, expectedMs: attemptMs }
  }
  let attemptMs = 0
  let reached = 1
  for (const size of exchanges) {
    attemptMs += reached * ((1 - speed.lossShare) * answeredMs(speed, size) + speed.lossShare * damagedMs(speed, size))
    reached *= 1 - speed.lossShare
  }
  return { attemptMs, successShare: reached, expectedMs: attemptMs / reached }
}

/**
 * What the counters of a window tell of a line; null where nobody answered. The silence of a meter that never answers is the meter's,
 * that of others is a request that was lost on the way.
 */
export function measuredSpeed(
  counters: LineCounters,
  baud: number,
): Pick<LineSpeed, 'turnaroundMs' | 'lossShare'> | null {
  const { replies } = counters
  if (replies === 0) return null
  const lost = counters.damaged + counters.timeouts - counters.deadTimeouts
  const turnaroundMs = (counters.answeredMs - bytesMs(baud, counters.answeredBytes)) / replies
  return { turnaroundMs: Math.max(0, turnaroundMs), lossShare: lost / (replies + lost) }
}
