import t from 'tap'
import { countedUsage, toDaySeries } from '../../../mdm/estimation/day-series.js'
import { peersOf, seriesOf } from '../support/estimation-contexts.js'

t.test('a day is known when both its midnights are, and the register did not fall', async (t) => {
  const calendar = { holidays: new Set<string>(), workingWeekends: new Set<string>() }
  const history = {
    firstMidnight: '2026-06-01',
    totalsE4: [10n, 15n, null, 30n, 29n, 31n],
    tariffUsagesE4: [null, null, null, null] as const,
  }
  const series = toDaySeries(history, 2, { peers: new Map(), leastPeers: 3, calendar })
  t.same(series.usagesE4, [5n, null, null, null, 2n])
  t.equal(series.knownDays, 2)
  t.equal(series.dayTypes.length, 7)
  t.equal(countedUsage(series, 0, 3), 20n)
  t.equal(countedUsage(series, 3, 1), null)
})

t.test('peaks are cut at three times the middle day, unless the home stands empty', async (t) => {
  t.same(seriesOf([10, 10, 50], 1).steadyE4, [10_0000n, 10_0000n, 30_0000n])
  t.same(seriesOf([0, 0, 50], 1).steadyE4, [0n, 0n, 50_0000n])
})

t.test('a day of which too few peers are known has no share', async (t) => {
  const few = seriesOf([10], 1, { peers: peersOf(1, [9000, 9000], 2) })
  t.same([few.peerSharesE4, few.peers], [[null, null], 2])
  const enough = seriesOf([10], 1, { peers: peersOf(1, [9000, 8000], 3) })
  t.same([enough.peerSharesE4, enough.peers], [[9000n, 8000n], 3])
})
