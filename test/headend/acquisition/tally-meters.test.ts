import t from 'tap'
import type { LineReader, OpenRead, ReadOutcome } from '../../../headend/acquisition/line-reader.js'
import { tallyMeters } from '../../../headend/acquisition/tally-meters.js'
import { count, type LineCounters, noTraffic } from '../../../headend/sessions/line-counters.js'

const due = (meterId: bigint): OpenRead => ({ meterId, communicationAddress: '1', model: 'm', readAt: 0 })

/** A line on which each read adds what is next in the script. */
function scripted(script: readonly Partial<LineCounters>[]): LineReader {
  let counters = noTraffic
  const gains = [...script]
  return {
    ready: () => Promise.resolve(true),
    read(): Promise<ReadOutcome> {
      counters = count(counters, gains.shift() ?? {})
      return Promise.resolve({ kind: 'failed', cause: 'no_reply' })
    },
    counters: () => counters,
    close: () => undefined,
  }
}

t.test('what a line’s counters gain while a meter is read is that meter’s', async (t) => {
  let now = 1000
  const reader = tallyMeters(
    scripted([
      { requests: 2, replies: 2, answeredMs: 320 },
      { requests: 3, timeouts: 3 },
      { requests: 2, replies: 1, damaged: 1, refused: 1, answeredMs: 90 },
      {},
    ]),
    { now: () => now },
  )
  for (const meterId of [1n, 2n, 1n, 3n]) {
    now += 500
    await reader.read(due(meterId))
  }
  const none = Array.from({ length: 10 }, () => 0)
  t.same(reader.takeTally(), [
    {
      meterId: 1n,
      attempts: 4,
      replies: 3,
      timeouts: 0,
      damaged: 1,
      refused: 1,
      roundTrips: [0, 1, 2, ...none.slice(3)],
      lastContactAt: 2500,
    },
    {
      meterId: 2n,
      attempts: 3,
      replies: 0,
      timeouts: 3,
      damaged: 0,
      refused: 0,
      roundTrips: none,
      lastContactAt: null,
    },
  ])
  t.same(reader.takeTally(), [], 'the next stretch begins anew')
})
