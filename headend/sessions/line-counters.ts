/** What went over one line in one collection window; the crew sees the sums. */
export interface LineCounters {
  readonly requests: number
  /** Matching replies, refusals among them. */
  readonly replies: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** Exchanges that brought bytes but no matching frame. */
  readonly damaged: number
  readonly refused: number
  /** Exchanges that brought no byte at all. */
  readonly timeouts: number
  /** Sound frames that answered nothing we had asked. */
  readonly dropped: number
}

export const noTraffic: LineCounters = {
  requests: 0,
  replies: 0,
  bytesOut: 0,
  bytesIn: 0,
  damaged: 0,
  refused: 0,
  timeouts: 0,
  dropped: 0,
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
    dropped: counters.dropped + (more.dropped ?? 0),
  }
}
