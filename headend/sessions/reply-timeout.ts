import { secondMs } from '../../domain/time.js'

/** Start, eight data bits, even parity and stop. */
export const bitsPerByte = 11
/** Two bytes of one frame are at most so far apart (Tb of DL/T 645). */
const interByteMs = 500
/** However slowly a reply drips in, the line is not given to it for longer. */
export const longestReplyMs = 20 * secondMs

export interface LineTiming {
  readonly baud: number
  /** Longest time from the end of a request to the first byte of the reply, adapter included. */
  readonly replyTimeoutMs: number
}

/** Time from the first byte of a request until the first of its reply must be there, in whole milliseconds. */
export function firstByteTimeoutMs({ baud, replyTimeoutMs }: LineTiming, requestBytes: number): number {
  return replyTimeoutMs + airtimeMs({ baud }, requestBytes)
}

/** Time that so many bytes take on the line, in whole milliseconds. */
export function airtimeMs({ baud }: Pick<LineTiming, 'baud'>, byteCount: number): number {
  return Math.ceil((byteCount * bitsPerByte * secondMs) / baud)
}

/** Silence that ends a reply that has begun. An adapter that is slow with the first byte may be as slow between two of its packets. */
export function silenceMs({ replyTimeoutMs }: LineTiming): number {
  return Math.max(interByteMs, replyTimeoutMs)
}
