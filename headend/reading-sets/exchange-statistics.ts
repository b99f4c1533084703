import { unreachable } from '../../domain/result.js'
import { roundTripBoundsMs, roundTripBucket } from '../../domain/round-trips.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { ExchangeOutcome } from '../sessions/dlt645-exchange.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'

/** What became of the exchanges with one meter. A request that could not leave because the line was down or lost is no attempt at a meter. */
export interface ExchangeStatistics {
  readonly attempts: number
  /** Matching replies, refusals among them. */
  readonly replies: number
  readonly timeouts: number
  /** Bytes came, but no answer of this meter to this request. */
  readonly damaged: number
  readonly refused: number
  /** By `roundTripBoundsMs`, from the moment a request was due to leave until its reply was there. */
  readonly roundTrips: readonly number[]
  readonly lastContactAt: Instant | null
}

export const noExchanges: ExchangeStatistics = {
  attempts: 0,
  replies: 0,
  timeouts: 0,
  damaged: 0,
  refused: 0,
  roundTrips: roundTripBoundsMs.map(() => 0),
  lastContactAt: null,
}

export function countExchange(
  before: ExchangeStatistics,
  outcome: ExchangeOutcome['kind'],
  { tookMs, at }: { readonly tookMs: number; readonly at: Instant },
): ExchangeStatistics {
  const tried = { ...before, attempts: before.attempts + 1 }
  switch (outcome) {
    case 'data':
      return { ...tried, ...reply(before, tookMs, at) }
    case 'refused':
      return { ...tried, ...reply(before, tookMs, at), refused: before.refused + 1 }
    case 'damaged':
    case 'wrong_answer':
      return { ...tried, damaged: before.damaged + 1 }
    case 'no_reply':
      return { ...tried, timeouts: before.timeouts + 1 }
    case 'line_down':
    case 'line_lost':
      return before
    default:
      return unreachable(outcome)
  }
}

function reply({ replies, roundTrips }: ExchangeStatistics, tookMs: number, at: Instant): Partial<ExchangeStatistics> {
  const bucket = roundTripBucket(tookMs)
  return {
    replies: replies + 1,
    roundTrips: roundTrips.map((count, index) => (index === bucket ? count + 1 : count)),
    lastContactAt: at,
  }
}

/** A line that counts what becomes of each meter's exchanges, whichever set asks. */
export interface ObservedLine extends Dlt645Line {
  /** By the address that was called; begins anew. */
  readonly takeStatistics: () => ReadonlyMap<string, ExchangeStatistics>
}

export function observeLine(line: Dlt645Line, clock: Pick<Clock, 'now'>): ObservedLine {
  let byAddress = new Map<string, ExchangeStatistics>()

  function observed(inner: Dlt645Line): Dlt645Line {
    return {
      ...inner,
      async exchange(request) {
        const askedAt = clock.now()
        const exchanged = await inner.exchange(request)
        const { outcome, receivedAt } = exchanged
        const before = byAddress.get(request.address) ?? noExchanges
        const timing = { tookMs: receivedAt - askedAt, at: receivedAt }
        byAddress.set(request.address, countExchange(before, outcome.kind, timing))
        return exchanged
      },
      withQuirks: (quirks) => observed(inner.withQuirks(quirks)),
    }
  }

  return {
    ...observed(line),
    takeStatistics() {
      const taken = byAddress
      byAddress = new Map()
      return taken
    },
  }
}
