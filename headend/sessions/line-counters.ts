/** What went over one line in one collection window; the crew sees the sums. */
export interface LineCounters {
  readonly requests: number
  /** Matching replies, refusals among them. */
  readonly replies: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** Exchanges that brought bytes but no matching frame, or replies of others only. */
  readonly damaged: number
  readonly refused: number
  /** Exchanges that brought no byte at all. */
  readonly timeouts: number
  /** Of these, the ones of meters that have never answered. */
  readonly deadTimeouts: number
  /** Sound frames that answered nothing we had asked. */
  readonly dropped: number
  /** From the first byte of a request until nothing more was awaited, over all exchanges. */
  readonly airtimeMs: number
  /** The same over the answered ones, and their bytes both ways: what is left beside the bytes is turnaround. */
  readonly answeredMs: number
  readonly answeredBytes: number
}

export const noTraffic: LineCounters = {
  requests: 0,
  replies: 0,
  bytesOut: 0,
  bytesIn: 0,
  damaged: 0,
  refused: 0,
  timeouts: 0,
  deadTimeouts: 0,
  dropped: 0,
  airtimeMs: 0,
  answeredMs: 0,
  answeredBytes: 0,
}

/** Adds up counts; absent ones stay as they are. */
export function count(counters: LineCounters, more: Partial<LineCounters>): LineCounters {
  return {
    requests: counters.requests + (more.requests ?? 0),
    replies: counters.replies + (more.replies ?? 0),
    bytesOut: counters.bytesOut + (more.bytesOut ?? 0),
    bytesIn: counters.bytesIn + (more.bytesIn ?? 0),
    damaged: counters.damaged + (more.damaged ?? 0),
    refused: counters.refused + (more.refused ?? 0),
    timeouts: counters.timeouts + (more.timeouts ?? 0),
    deadTimeouts: counters.deadTimeouts + (more.deadTimeouts ?? 0),
    dropped: counters.dropped + (more.dropped ?? 0),
    airtimeMs: counters.airtimeMs + (more.airtimeMs ?? 0),
    answeredMs: counters.answeredMs + (more.answeredMs ?? 0),
    answeredBytes: counters.answeredBytes + (more.answeredBytes ?? 0),
  }
}
