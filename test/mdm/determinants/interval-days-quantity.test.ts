import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { intervalDaysQuantity } from '../../../mdm/determinants/interval-days-quantity.js'
import type { RatedDay } from '../../../storage/mdm/determinant-quantities.js'
import { midnight } from '../support/small-utility.js'

function segment(meterId: bigint, startAt: number, endAt: number, multiplier = 1) {
  const meter = { meterId, model: 'm', registerDigits: 6, registerDecimals: 2 }
  return {
    meter,
    meterId,
    multiplier,
    startAt,
    endAt,
    startRead: startAt,
    endRead: endAt,
    energiesE4: [0n, 0n, 0n, 0n, 0n] as const,
  }
}

function day(meterId: bigint, number: number, kwh: bigint, verdict = 'complete', filledSlots = 0): RatedDay {
  return {
    meterId,
    dayStart: midnight(number),
    slotMinutes: 15,
    slotCount: 96,
    filledSlots,
    revision: number,
    verdict,
    sumE4: kwh * 10_000n,
  }
}

/** 28.8 of three days' 288 slots. */
const policy = { filledSlotsPercent: 10n }

t.test('days of the period, one after the other, or why it cannot be rated from them', (t) => {
  const noon = midnight(2) + dayMs / 2
  const whole = [segment(1n, midnight(1), midnight(4), 10)]
  const exchanged = [segment(1n, midnight(1), noon), segment(2n, noon, midnight(4), 10)]
  const three = [day(1n, 1, 5n), day(1n, 2, 6n, 'filled'), day(1n, 3, 7n)]
  const cases: readonly [string, typeof whole, readonly RatedDay[], string][] = [
    ['whole', whole, three, '180'],
    ['the days beside it do not count', whole, [day(1n, 0, 9n), ...three, day(1n, 4, 9n)], '180'],
    ['a day is missing', whole, three.slice(0, 2), 'missing'],
    ['the first one is missing', whole, three.slice(1), 'missing'],
    ['a day is held', whole, [...three.slice(0, 2), day(1n, 3, 7n, 'held')], 'missing'],
    ['as many estimates as the policy allows', whole, [...three.slice(0, 2), day(1n, 3, 7n, 'filled', 28)], '180'],
    ['more of them', whole, [...three.slice(0, 2), day(1n, 3, 7n, 'filled', 29)], 'missing'],
    ['a day with two meters', exchanged, [day(1n, 1, 5n), day(1n, 2, 3n), day(2n, 2, 4n), day(2n, 3, 7n)], '118'],
  ]
  for (const [title, segments, days, expected] of cases) {
    const { value } = intervalDaysQuantity(segments, days, policy)
    t.equal('missing' in value ? 'missing' : String(value[0] / 10_000n), expected, title)
  }
  const { basis, links } = intervalDaysQuantity(whole, three, policy)
  t.equal(basis, '3 days, 1 of them filled in part')
  t.match(links[1], { startRead: midnight(2), endRead: midnight(3), startRevision: 2, startOrigin: 'estimated' })
  t.end()
})

t.test('a link names days of one meter, revision and origin that follow each other', (t) => {
  const settled = (number: number, revision: number, verdict = 'complete') => ({
    ...day(1n, number, 5n, verdict),
    revision,
  })
  const days = [settled(1, 1), settled(2, 1), settled(3, 2), settled(4, 2, 'filled'), settled(5, 1), settled(7, 1)]
  const { links } = intervalDaysQuantity([segment(1n, midnight(1), midnight(8))], days, policy)
  t.match(
    links.map(({ startRead, endRead, startRevision, endRevision, startOrigin }) => [
      (startRead - midnight(0)) / dayMs,
      (endRead - midnight(0)) / dayMs,
      startRevision,
      endRevision,
      startOrigin,
    ]),
    [
      [1, 3, 1, 1, 'read'],
      [3, 4, 2, 2, 'read'],
      [4, 5, 2, 2, 'estimated'],
      [5, 6, 1, 1, 'read'],
      [7, 8, 1, 1, 'read'],
    ],
  )
  t.end()
})
