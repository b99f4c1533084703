import t from 'tap'
import { sparkline } from '../../../console/exceptions/sparkline.js'
import { addDays, beijing } from '../../../domain/time.js'
import type { HistoryRow } from '../../../storage/mdm/exception-evidence.js'

function row(day: number, kwh: number | null, verdict: HistoryRow['verdict'] = 'accepted'): HistoryRow {
  const readAt = beijing.startOfDay(addDays('2026-07-01', day - 1))
  return { readAt, verdict, totalE4: kwh === null ? null : BigInt(kwh * 10_000), rules: [], decidedBy: null }
}

t.test('each day has its sign', async (t) => {
  const history = [
    row(1, 100),
    row(2, 107),
    row(3, 107),
    row(4, 101),
    row(6, 120),
    row(7, 121),
    row(8, 130, 'estimated'),
    row(9, 90, 'held'),
    row(10, 91, 'undecided'),
  ]
  const through = beijing.startOfDay('2026-07-10')
  t.same(sparkline(history, { calendar: beijing, through, days: 11 }), { signs: '··█▁↓··▂~??', largestE4: 7_0000n })
  t.same(sparkline([], { calendar: beijing, through, days: 3 }), { signs: '···', largestE4: 0n })
})
