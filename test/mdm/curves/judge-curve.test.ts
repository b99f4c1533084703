import fc from 'fast-check'
import t from 'tap'
import { slotQualities } from '../../../domain/interval-day.js'
import { addDays, beijing, calendarFor, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { hasGap, judgeCurve } from '../../../mdm/curves/judge-curve.js'
import { builtInCurvePolicy } from '../../../mdm/curves/policy.js'
import { curveOf, type CurvePlan, type Piece, piecesOf } from '../../support/curve-columns.js'

const { measured, estimated, missing } = slotQualities
const start = beijing.startOfDay('2026-07-01')
const longAfter = start + 400 * dayMs
const slotMs = 15 * minuteMs

/** Three days of quarters of an hour with 0.25 kWh each, but for the boundaries that are left out (counted from 1 July). */
function threeDays(without: (boundary: number) => boolean, more: Partial<CurvePlan> = {}): CurvePlan {
  const pieces = piecesOf(start - slotMs, 15, 100_0000n, Array(3 * 96 + 1).fill(2500n))
  return {
    from: '2026-07-01',
    to: '2026-07-04',
    pieces: pieces.filter(({ end }) => !without((end - start) / slotMs)),
    ...more,
  }
}

const judge = (plan: CurvePlan, now: Instant = longAfter) => judgeCurve(curveOf(plan), [], now, builtInCurvePolicy)
const between = (from: number, to: number) => (boundary: number) => from <= boundary && boundary <= to

t.test('a day without gaps is complete and says what its registers say', async (t) => {
  const plan = threeDays(() => false)
  t.notOk(hasGap(curveOf(plan)))
  const { days, open } = judge(plan)
  t.equal(open, 0)
  const whole = { verdict: 'complete', sumE4: 24_0000n, differenceE4: 0n, rules: [], fills: [] }
  t.match(days, [whole, whole, whole])
  t.match(days[0], { startE4: 100_2500n, endE4: 124_2500n, serviceDate: '2026-07-01', dayStart: start })
})

t.test('a gap inside a day is filled with what the registers at its sides say', async (t) => {
  const { days } = judge(threeDays(between(110, 113)))
  t.match(days[1], { verdict: 'filled', sumE4: 24_0000n, differenceE4: 0n, rules: ['missing_intervals'] })
  t.match(days[1]?.fills, [{ slot: 13, slots: 5, energyE4: 12500n, method: 'linear' }])
  t.same([...days[1]!.qualities.subarray(12, 19)], [measured, ...Array(5).fill(estimated), measured])
})

t.test('two gaps with a register between them are two stretches', async (t) => {
  const { days } = judge(threeDays((boundary) => boundary === 110 || boundary === 112))
  t.match(days[1]?.fills, [
    { slot: 13, slots: 2 },
    { slot: 15, slots: 2 },
  ])
})

t.test('a gap over midnight has one energy, and each day its part of it', async (t) => {
  const { days } = judge(threeDays(between(90, 100)))
  t.match(days[0], { verdict: 'filled', endE4: null, differenceE4: null, fills: [{ slot: 89, slots: 7 }] })
  t.match(days[1], { verdict: 'filled', startE4: null, differenceE4: null, fills: [{ slot: 0, slots: 5 }] })
  t.equal(days[0]!.sumE4 + days[1]!.sumE4, 48_0000n)
})

t.test('an accepted reading at midnight parts it, and then either day is reconciled', async (t) => {
  const readings = [{ readAt: start + dayMs, registerE4: 124_2500n }]
  const { days } = judge(threeDays(between(90, 100), { readings }))
  const filled = { verdict: 'filled', differenceE4: 0n, sumE4: 24_0000n }
  t.match(days.slice(0, 2), [filled, filled])
})

t.test('what has no register on one side, or goes on for too long, is held and never taken for zero', async (t) => {
  const openEnd = judge(threeDays((boundary) => boundary > 200)).days[2]
  t.match(openEnd, { verdict: 'held', rules: ['missing_intervals', 'gap_open'], differenceE4: null })
  t.equal(openEnd?.qualities.at(-1), missing)
  const policy = { ...builtInCurvePolicy, longestFillMs: 3 * hourMs }
  const { days } = judgeCurve(curveOf(threeDays(between(110, 123))), [], longAfter, policy)
  t.match(days[1], { verdict: 'held', rules: ['missing_intervals', 'gap_too_long'] })
})

t.test('a gap whose energy would make a peak is held', async (t) => {
  const peak = threeDays(between(110, 113))
  const shifted = peak.pieces.map((piece) =>
    (piece.end - start) / slotMs > 113 ? { ...piece, registerE4: piece.registerE4 + 1_0000n } : piece,
  )
  const { days } = judge({ ...peak, pieces: shifted })
  t.match(days[1], { verdict: 'held', rules: ['missing_intervals', 'gap_above_peak'] })
  t.equal(days[2]?.verdict, 'complete')
})

t.test('an incomplete day waits until it is closed; a complete one is written once it is over', async (t) => {
  const plan = threeDays(between(110, 113))
  t.match(judge(plan, start + 2 * dayMs), { days: [{ serviceDate: '2026-07-01' }], open: 1 })
  t.match(judge(plan, start + 3 * dayMs - 1), { days: { length: 1 }, open: 1 })
  t.match(judge(plan, start + 3 * dayMs), { days: { length: 3 }, open: 0 })
})

t.test('similar days of the meter itself give the shape, days before the first one of the grid included', async (t) => {
  const shape = Array.from({ length: 96 }, (_, slot) => (slot >= 72 && slot < 80 ? 6000n : 1000n))
  const pieces = piecesOf(start - slotMs, 15, 0n, [1000n, ...shape, ...shape, ...shape])
  const plan = {
    from: '2026-07-02',
    to: '2026-07-04',
    pieces: pieces.filter(({ end }) => !between(264, 268)((end - start) / slotMs)),
  }
  const past = ['2026-06-30', '2026-07-01'].map((serviceDate) => ({
    serviceDate,
    slotMinutes: 15 as const,
    energiesE4: BigInt64Array.from(shape),
    qualities: new Uint8Array(96),
  }))
  const { days } = judgeCurve(curveOf(plan), past, longAfter, builtInCurvePolicy)
  t.match(days[1], {
    verdict: 'filled',
    differenceE4: 0n,
    fills: [{ slot: 71, slots: 6, method: 'similar_days', basisDays: 3 }],
  })
  t.same([...days[1]!.energiesE4], shape)
})

t.test('a meter that came in mid-day has its own part of the day', async (t) => {
  const came = start + dayMs + 10 * hourMs + 7 * minuteMs
  const pieces = piecesOf(came - 7 * minuteMs, 15, 700n, Array(96).fill(100n))
  const readings = [{ readAt: came, registerE4: 700n }]
  const { days } = judge({ from: '2026-07-01', to: '2026-07-03', pieces, readings, spans: [{ from: came, to: null }] })
  t.match(days, [
    { serviceDate: '2026-07-02', verdict: 'complete', startE4: 700n, endE4: 6300n, sumE4: 5600n, differenceE4: 0n },
  ])
})

interface ClockHabit {
  /** Offset of the meter's clock at the beginning, ms gained a day, and when it is set right, in thousandths of the time. */
  readonly offsetMs: number
  readonly gainMsPerDay: number
  readonly setAt: readonly number[]
}

/** Register of a load that changes every 7 minutes, kWh e4. */
function registerAt(elapsedMs: number): bigint {
  const stretch = Math.floor(elapsedMs / (7 * minuteMs))
  return BigInt(stretch * 400 + ((stretch * 7919) % 300) + Math.floor((elapsedMs % (7 * minuteMs)) / 5000))
}

/** What a meter writes down whose clock goes as it likes: the register whenever its own clock shows a quarter of an hour. */
function stampedBy({ offsetMs, gainMsPerDay, setAt }: ClockHabit, from: Instant, to: Instant): readonly Piece[] {
  const pieces: Piece[] = []
  const corrections = setAt.map((share) => from + Math.floor((share * (to - from)) / 1000)).sort((a, b) => a - b)
  let [since, offset] = [from, offsetMs]
  for (const until of [...corrections, to]) {
    const rate = 1 + gainMsPerDay / dayMs
    const shownAt = (instant: Instant) => instant + offset + (instant - since) * (rate - 1)
    const first = Math.ceil(shownAt(since) / slotMs) * slotMs
    for (let end = first; end < shownAt(until); end += slotMs) {
      const instant = since + (end - since - offset) / rate
      pieces.push({ end, minutes: 15, registerE4: registerAt(instant - from + dayMs) })
    }
    ;[since, offset] = [until, 0]
  }
  return pieces
}

const clockHabit = fc.record({
  offsetMs: fc.integer({ min: -10 * minuteMs, max: 10 * minuteMs }),
  gainMsPerDay: fc.integer({ min: -2 * minuteMs, max: 2 * minuteMs }),
  setAt: fc.array(fc.nat(999), { maxLength: 3 }),
})
const dayCase = fc.constantFrom(
  ['Asia/Shanghai', '2026-07-01', 96],
  ['Europe/London', '2013-03-31', 92],
  ['Europe/London', '2013-10-27', 100],
  ['America/New_York', '2026-03-08', 92],
  ['America/New_York', '2026-11-01', 100],
) as fc.Arbitrary<readonly [string, string, number]>

t.test(
  'clocks up to ten minutes off, in any order of arrival: a day that counts is the difference of its registers',
  async (t) => {
    let [complete, filled, held] = [0, 0, 0]
    fc.assert(
      fc.property(dayCase, clockHabit, fc.infiniteStream(fc.nat()), ([zone, date, slots], habit, order) => {
        const calendar = calendarFor(zone)
        const [from, to] = [addDays(date, -1), addDays(date, 2)]
        const pieces = stampedBy(habit, calendar.startOfDay(addDays(from, -1)), calendar.startOfDay(to) + hourMs)
        const shuffled = pieces
          .map((piece) => ({ piece, key: order.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ piece }) => piece)
        const { days } = judge({ zone, from, to, pieces: shuffled })
        t.strictSame(judge({ zone, from, to, pieces }).days, days, 'order does not matter')
        t.equal(days[1]?.qualities.length, slots)
        for (const day of days) {
          if (day.verdict === 'complete') complete++
          else if (day.verdict === 'filled') filled++
          else held++
          if (day.verdict === 'held') t.ok(day.rules.length > 0)
          else if (day.startE4 !== null && day.endE4 !== null) t.equal(day.sumE4, day.endE4 - day.startE4)
        }
        if (habit.setAt.length === 0)
          t.ok(
            days.every(({ verdict }) => verdict === 'complete'),
            'drift alone costs no slot',
          )
      }),
      { seed: 14, numRuns: 200 },
    )
    t.ok(complete > 100 && filled > 5 && held > 5, `${complete} complete, ${filled} filled, ${held} held`)
  },
)
