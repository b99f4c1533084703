import { roundTripBoundsMs, roundTripBucket } from '../../domain/round-trips.js'
import type { Clock } from '../../domain/runtime.js'
import type { MeterId } from '../../domain/reading.js'
import type { MeterStatistics } from '../../storage/headend/meter-statistics.js'
import type { LineCounters } from '../sessions/line-counters.js'
import type { LineReader } from './line-reader.js'

/** A reader that tells what its exchanges with each meter came to. */
export interface TallyingReader extends LineReader {
  /** Of meters that were asked; begins anew. */
  readonly takeTally: () => readonly MeterStatistics[]
}

/** Whatever the line speaks: what its counters gained while a meter was read is that meter's, since one read follows the other. */
export function tallyMeters(reader: LineReader, clock: Pick<Clock, 'now'>): TallyingReader {
  let tally = new Map<MeterId, MeterStatistics>()
  return {
    ...reader,
    async read(due) {
      const before = reader.counters()
      const outcome = await reader.read(due)
      const known = tally.get(due.meterId) ?? unheard(due.meterId)
      tally.set(due.meterId, added(known, gained(before, reader.counters()), clock.now()))
      return outcome
    },
    takeTally() {
      const taken = [...tally.values()].filter(({ attempts }) => attempts > 0)
      tally = new Map()
      return taken
    },
  }
}

function unheard(meterId: MeterId): MeterStatistics {
  const counts = { attempts: 0, replies: 0, timeouts: 0, damaged: 0, refused: 0 }
  return { meterId, ...counts, roundTrips: roundTripBoundsMs.map(() => 0), lastContactAt: null }
}

type Gain = Pick<LineCounters, 'requests' | 'replies' | 'timeouts' | 'damaged' | 'refused' | 'answeredMs'>

function gained(before: LineCounters, after: LineCounters): Gain {
  return {
    requests: after.requests - before.requests,
    replies: after.replies - before.replies,
    timeouts: after.timeouts - before.timeouts,
    damaged: after.damaged - before.damaged,
    refused: after.refused - before.refused,
    answeredMs: after.answeredMs - before.answeredMs,
  }
}

/** Each reply of a read counts with the mean of their round trips: they are of one meter on one line, moments apart. */
function added(known: MeterStatistics, gain: Gain, now: number): MeterStatistics {
  const { replies } = gain
  const bucket = replies === 0 ? null : roundTripBucket(gain.answeredMs / replies)
  return {
    meterId: known.meterId,
    attempts: known.attempts + gain.requests,
    replies: known.replies + replies,
    timeouts: known.timeouts + gain.timeouts,
    damaged: known.damaged + gain.damaged,
    refused: known.refused + gain.refused,
    roundTrips: known.roundTrips.map((count, index) => (index === bucket ? count + replies : count)),
    lastContactAt: replies === 0 ? known.lastContactAt : now,
  }
}
