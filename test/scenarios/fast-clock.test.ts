// Reliability story 14: a meter whose clock runs fast delivers more intervals than wall time allows, or intervals that do not add up to
// what its register says. Either holds the day.
import t from 'tap'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../domain/time.js'
import { settleCurves } from '../../mdm/curves/settle-curves.js'
import { selectIntervalDays } from '../../storage/mdm/interval-day-reads.js'
import { ensureTimePartitions } from '../../storage/time-series.js'
import type { Piece } from '../support/curve-columns.js'
import { acceptRegisters, plantCurveTown, storePieces } from '../support/curve-town.js'
import { withDatabase } from '../support/database.js'

const start = beijing.startOfDay('2026-07-01')
const slotMs = 15 * minuteMs
const days = 3

/** A load of 2 kW, and of 6 kW from seven to nine in the evening: kWh e4 since the evening before. */
function registerAt(instant: Instant): bigint {
  let energyE4 = 0
  for (let hour = -24; hour < (instant - start) / hourMs; hour++) {
    const share = Math.min(1, (instant - start) / hourMs - hour)
    energyE4 += share * (((hour + 24) % 24) - 19 >= 0 && ((hour + 24) % 24) - 21 < 0 ? 6_0000 : 2_0000)
  }
  return BigInt(Math.floor(energyE4 / 100)) * 100n
}

/** What the meter writes down whenever its clock, ahead by `aheadMs`, shows a quarter of an hour. */
function stamped(aheadMs: (shown: Instant) => number, from: Instant, to: Instant): readonly Piece[] {
  const pieces: Piece[] = []
  for (let end = from; end <= to; end += slotMs)
    pieces.push({ end, minutes: 15, registerE4: registerAt(end - aheadMs(end)) })
  return pieces
}

async function arrange(t: Parameters<typeof withDatabase>[0]) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantCurveTown(owner, 'Asia/Shanghai', [{ meterId: 1 }])
  await ensureTimePartitions(owner, start - 7 * dayMs, start + 14 * dayMs)
  return {
    owner,
    settle: async () => {
      const input = { from: '2026-07-01', to: '2026-07-04', now: start + 30 * dayMs }
      const report = await settleCurves(databases.as('mdm'), input)
      const stored = await selectIntervalDays(databases.as('reader'), 1n, { from: start, to: start + days * dayMs })
      return { report, stored }
    },
  }
}

await t.test('story 14: a clock that is set back delivers a slot twice, and the day is held', async (t) => {
  const { owner, settle } = await arrange(t)
  const setAt = start + dayMs + 20 * hourMs
  // Eleven minutes fast until it is set at eight in the evening of 2 July; what it then writes at eight it has written before.
  const fast = stamped(() => 11 * minuteMs, start, setAt)
  const right = stamped(() => 0, setAt, start + days * dayMs)
  await storePieces(owner, 1, [...fast, ...right])
  const { report, stored } = await settle()
  t.match(report, { days: { complete: 2, held: 1 }, rules: { too_many_intervals: 1, disputed_slot: 1 } })
  t.match(stored[1], { serviceDate: '2026-07-02', verdict: 'held', reason: /97 intervals, the day has 96/ })
})

await t.test('story 14: slots that do not add up to the register of the midnight hold the day', async (t) => {
  const { owner, settle } = await arrange(t)
  // The clock goes ahead by a quarter of an hour on 2 July: that day ends too early for it, and its slots have less than the day.
  const ahead = (shown: Instant) => Math.max(0, Math.min(15, ((shown - start) / dayMs - 1) * 15)) * minuteMs
  await storePieces(owner, 1, stamped(ahead, start, start + days * dayMs))
  const midnights = Array.from({ length: days + 1 }, (_, day) => start + day * dayMs)
  await acceptRegisters(
    owner,
    1,
    midnights.map((readAt) => ({ readAt, registerE4: registerAt(readAt) })),
  )
  const { report, stored } = await settle()
  t.match(report, { days: { complete: 2, held: 1 }, rules: { interval_sum: 1 } })
  t.match(stored[1], { verdict: 'held', rules: ['interval_sum'], differenceE4: -5000n })
})

await t.test('story 14: a curve that ends between the quarters is held, too', async (t) => {
  const { owner, settle } = await arrange(t)
  const shifted = stamped(() => 0, start + dayMs + 7 * minuteMs, start + 2 * dayMs)
  const whole = stamped(() => 0, start, start + dayMs)
  await storePieces(owner, 1, [...whole, ...shifted, ...stamped(() => 0, start + 2 * dayMs, start + 3 * dayMs)])
  const { stored } = await settle()
  t.match(
    stored.map(({ verdict }) => verdict),
    ['complete', 'held', 'complete'],
  )
  t.match(stored[1]?.rules, ['too_many_intervals', 'off_grid', 'missing_intervals'])
})
