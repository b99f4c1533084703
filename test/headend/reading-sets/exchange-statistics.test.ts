import t from 'tap'
import { roundTripBoundsMs, roundTripBucket, roundTripQuantileMs } from '../../../domain/round-trips.js'
import { beijing } from '../../../domain/time.js'
import { countExchange, noExchanges, observeLine } from '../../../headend/reading-sets/exchange-statistics.js'
import { readRelayStatus } from '../../../headend/reading-sets/read-relay-status.js'
import { openSetLine, setMeter } from '../../support/set-line.js'

const noon = beijing.startOfDay('2026-07-20') + 43_200_000

t.test('a line tells what became of each meter, and begins anew', async (t) => {
  const habits = { unknownItems: ['04000503'] }
  const { line, clock, bus } = await openSetLine(t, noon, [{}, { habits }])
  const observed = observeLine(line, clock)
  for (const ordinal of [1, 2, 3, 1]) await readRelayStatus(observed, setMeter(ordinal))
  const statistics = observed.takeStatistics()
  t.match(statistics.get('000000000001'), { attempts: 2, replies: 2, refused: 0, timeouts: 0, lastContactAt: Number })
  t.match(statistics.get('000000000002'), { attempts: 1, replies: 1, refused: 1 })
  t.match(statistics.get('000000000003'), { attempts: 1, replies: 0, timeouts: 1, lastContactAt: null })
  const attempts = [...statistics.values()].reduce((sum, each) => sum + each.attempts, 0)
  t.equal(attempts, bus.counters().requests)
  t.equal(
    statistics.get('000000000001')?.roundTrips.reduce((sum, count) => sum + count, 0),
    2,
  )
  t.equal(observed.takeStatistics().size, 0)
})

const outcomes = [
  ['data', { attempts: 1, replies: 1, refused: 0, timeouts: 0, damaged: 0, lastContactAt: 5 }],
  ['refused', { attempts: 1, replies: 1, refused: 1, timeouts: 0, damaged: 0, lastContactAt: 5 }],
  ['no_reply', { attempts: 1, replies: 0, refused: 0, timeouts: 1, damaged: 0, lastContactAt: null }],
  ['damaged', { attempts: 1, replies: 0, refused: 0, timeouts: 0, damaged: 1, lastContactAt: null }],
  ['line_down', { attempts: 0, replies: 0, refused: 0, timeouts: 0, damaged: 0, lastContactAt: null }],
] as const

t.test('each outcome counts once', async (t) => {
  for (const [kind, counted] of outcomes)
    t.match(countExchange(noExchanges, kind, { tookMs: 120, at: 5 }), counted, kind)
})

t.test('quantiles are the bounds of the buckets they lie in', async (t) => {
  const counts = roundTripBoundsMs.map(() => 0)
  t.equal(roundTripQuantileMs(counts, 0.5), null)
  for (const tookMs of [40, 50, 51, 199, 4000])
    counts[roundTripBucket(tookMs)] = (counts[roundTripBucket(tookMs)] ?? 0) + 1
  t.equal(roundTripQuantileMs(counts, 0.5), 100)
  t.equal(roundTripQuantileMs(counts, 0.95), 5000)
  t.equal(roundTripBucket(10_000_000), roundTripBoundsMs.length - 1)
})
