import t from 'tap'
import { slotQualities, type SlotMinutes } from '../../../domain/interval-day.js'
import { addDays } from '../../../domain/time.js'
import { fillStretch } from '../../../mdm/curves/fill-stretch.js'
import { builtInCurvePolicy } from '../../../mdm/curves/policy.js'
import { dayTypeOf, type PastDay, similarDays } from '../../../mdm/curves/similar-days.js'

/** A day of hours with 1 kWh in each, and a peak at some hour. */
function pastDay(
  serviceDate: string,
  peakHour: number,
  peakE4: bigint,
  quality: number = slotQualities.measured,
): PastDay {
  const energiesE4 = BigInt64Array.from({ length: 24 }, (_, hour) => (hour === peakHour ? peakE4 : 1_0000n))
  return { serviceDate, slotMinutes: 60, energiesE4, qualities: new Uint8Array(24).fill(quality) }
}

function slotsFrom(
  date: string,
  hour: number,
  count: number,
  dayMaximumE4: bigint | null,
  slotMinutes: SlotMinutes = 60,
) {
  return Array.from({ length: count }, (_, slot) => ({
    date,
    slotMinutes,
    wallMinute: (hour + slot) * slotMinutes,
    dayMaximumE4,
  }))
}

const wednesday = '2026-07-15'
const workdays = [1, 2, 5, 6, 7, 8, 9].map((days) => pastDay(addDays(wednesday, -days), 18, 3_0000n))
const weekends = [3, 4, 10, 11].map((days) => pastDay(addDays(wednesday, -days), 10, 9_0000n))

t.test('days of the week tell workdays from weekends', async (t) => {
  t.same(['2026-07-13', '2026-07-17', '2026-07-18', '2026-07-19'].map(dayTypeOf), [
    'workday',
    'workday',
    'weekend',
    'weekend',
  ])
})

t.test('similar days are of the type, measured as a whole, ordinary in length, the latest first', async (t) => {
  const estimated = pastDay(addDays(wednesday, -8), 18, 1n, slotQualities.estimated)
  const short: PastDay = {
    ...pastDay('2026-07-01', 1, 1n),
    energiesE4: new BigInt64Array(23),
    qualities: new Uint8Array(23),
  }
  const found = similarDays([...workdays, estimated, short, ...weekends], {
    date: wednesday,
    slotMinutes: 60,
    atMost: 3,
  })
  t.same(
    found.map(({ serviceDate }) => serviceDate),
    ['2026-07-14', '2026-07-13', '2026-07-10'],
  )
  t.same(similarDays(workdays, { date: wednesday, slotMinutes: 15, atMost: 3 }), [])
})

t.test('a stretch has the shape of similar days and exactly the energy of the registers', async (t) => {
  const slots = slotsFrom(wednesday, 17, 3, 4_0000n)
  const filled = fillStretch({ slots, energyE4: 5_0001n, past: [...workdays, ...weekends] }, builtInCurvePolicy)
  t.match(filled, {
    ok: true,
    value: { energiesE4: [1_0000n, 3_0001n, 1_0000n], method: 'similar_days', basisDays: 7 },
  })
  t.ok(filled.ok && filled.value.halfWidthE4 <= 1n, 'days that are all alike leave little doubt')
})

t.test('without enough similar days it is even, and says how far off a slot may be', async (t) => {
  const slots = slotsFrom(wednesday, 17, 3, 4_0000n)
  const few = { slots, energyE4: 5_0001n, past: [...workdays.slice(0, 1), ...weekends] }
  t.match(fillStretch(few, builtInCurvePolicy), {
    ok: true,
    value: { energiesE4: [1_6667n, 1_6667n, 1_6667n], method: 'linear', basisDays: 0, halfWidthE4: 2_3333n },
  })
})

t.test('no slot exceeds what was measured that day, or the similar days where nothing was', async (t) => {
  const shape = (energyE4: bigint, dayMaximumE4: bigint | null) =>
    fillStretch({ slots: slotsFrom(wednesday, 17, 3, dayMaximumE4), energyE4, past: workdays }, builtInCurvePolicy)
  t.match(shape(10_0000n, 4_0000n), { value: { energiesE4: [3_0000n, 4_0000n, 3_0000n] } })
  t.match(shape(12_0000n, 4_0000n), { value: { energiesE4: [4_0000n, 4_0000n, 4_0000n] } })
  t.match(shape(12_0001n, 4_0000n), { ok: false, error: { kind: 'gap_above_peak' } })
  t.match(shape(9_0000n, null), { value: { energiesE4: [3_0000n, 3_0000n, 3_0000n] } })
  t.match(shape(9_0001n, null), { ok: false, error: { kind: 'gap_above_peak' } })
})

t.test('where there is nothing to compare with, an even part is no peak: no maximum is below its mean', async (t) => {
  const slots = slotsFrom(wednesday, 0, 24, null)
  const filled = fillStretch({ slots, energyE4: 48_0000n, past: [] }, builtInCurvePolicy)
  t.match(filled, { value: { energiesE4: Array(24).fill(2_0000n), method: 'linear' } })
})
