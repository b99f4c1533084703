import t from 'tap'
import { dayMs, minuteMs } from '../../../domain/time.js'
import { decideGroup, type Series } from '../../../mdm/validation/decide-group.js'
import { meetingAt } from '../../../mdm/validation/meeting-at.js'
import { noTotals } from '../../../mdm/validation/usage-memory.js'
import { claim, meter, policy, set } from '../support/candidates.js'

t.test('a live read meets its neighbours at the midnight it stands for, everything else when it is read', (t) => {
  const cases: readonly [string, number, number | null, number][] = [
    ['a freeze', dayMs, null, dayMs],
    ['a live read of a minute later', dayMs + minuteMs, dayMs, dayMs],
    ['a live read within the tolerance', dayMs + 15 * minuteMs, dayMs, dayMs],
    ['a live read after it', dayMs + 16 * minuteMs, dayMs, dayMs + 16 * minuteMs],
    ['a live read of no due point', dayMs + minuteMs, null, dayMs + minuteMs],
  ]
  for (const [title, readAt, dueAt, expected] of cases) t.equal(meetingAt({ readAt, dueAt }), expected, title)
  t.end()
})

/** A meter of 12 kWh a day whose midnights come so many minutes late, and that shows another meter's value on the last day. */
function seriesOf(meterId: bigint, firstKwh: number, lastKwh: number, minutes: number): Series {
  const keys = Array.from({ length: 11 }, (_, day) => {
    const kwh = day === 10 ? lastKwh : firstKwh + day * 12
    const dueAt = minutes > 0 ? day * dayMs : null
    return {
      readAt: day * dayMs + minutes * minuteMs,
      claims: [claim(set(kwh * 100), dueAt === null ? 'scheduled' : 'live')],
      dueAt,
    }
  })
  return { meter: { ...meter, meterId }, quantity: 1, supplies: [], keys, baseline: null, history: noTotals }
}

t.test('story 16: meters that changed places are found also where one or both are read live', (t) => {
  const cases: readonly [string, number, number][] = [
    ['both keep freezes', 0, 0],
    ['one is read live', 4, 0],
    ['both are, at different minutes', 4, 9],
  ]
  for (const [title, one, other] of cases) {
    const decisions = decideGroup([seriesOf(1n, 5000, 7120, one), seriesOf(2n, 7000, 5120, other)], () => policy)
    const last = decisions.map((each) => each.at(-1))
    t.match(last, [{ verdict: 'held' }, { verdict: 'held' }], title)
    for (const decision of last) t.ok(decision?.rules.includes('swapped_pair'), title)
  }
  t.end()
})

t.test(
  'each key is decided once, in order, also where a meter is read live twice after a midnight and by hand between',
  (t) => {
    const at = (minutes: number, kwh: number, source: 'live' | 'field') => {
      const dueAt = source === 'live' ? dayMs : null
      return { readAt: dayMs + minutes * minuteMs, claims: [claim(set(kwh * 100), source)], dueAt }
    }
    const keys = [at(9, 102, 'live'), at(5, 101, 'field'), at(3, 100, 'live')]
    const series = { meter, quantity: 1, supplies: [], keys, baseline: null, history: noTotals }
    const [decisions = []] = decideGroup([series], () => policy)
    t.same(
      decisions.map(({ verdict, value }) => [verdict, value?.registers.totalE4]),
      [
        ['accepted', 100_0000n],
        ['accepted', 101_0000n],
        ['accepted', 102_0000n],
      ],
    )
    t.end()
  },
)
