import { secondMs } from '../../domain/time.js'

/** Start, eight data bits, even parity and stop. */
const bitsPerByte = 11
/** Wake-up bytes that a meter may put before its reply. */
const replyWakeUpBytes = 4
/** From 68H to 16H around the data field. */
const frameOverheadBytes = 12

export interface LineTiming {
  readonly baud: number
  /** Longest time from the end of a request to the first byte of the reply, adapter included. */
  readonly replyTimeoutMs: number
}

/** Time from the first byte of a request until its reply must be complete, in whole milliseconds. */
export function replyTimeoutMs(timing: LineTiming, requestBytes: number, replyDataBytes: number): number {
  const bytes = requestBytes + replyWakeUpBytes + frameOverheadBytes + replyDataBytes
  return timing.replyTimeoutMs + Math.ceil((bytes * bitsPerByte * secondMs) / timing.baud)
}
