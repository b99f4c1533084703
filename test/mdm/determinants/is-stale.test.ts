import t from 'tap'
import { isStale } from '../../../mdm/determinants/is-stale.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import type { BoundaryRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight, registers } from '../support/small-utility.js'
import { boundaryOf, rowOf } from './support.js'

const runningDays = [7, 6, 5, 4, 3, 2, 1]

/** 5 kWh a day to 100 kWh, which were first read on day `since`; the boundary is that of day 16. */
function readingsFrom(since: number, ...later: readonly (readonly [day: number, hundredths: number])[]) {
  const running = runningDays.map((days) => [since - days, 100_00 - days * 5_00] as const)
  const same = Array.from({ length: 17 - since }, (_, index) => [since + index, 100_00] as const)
  return [...running, ...same, ...later].map(([day, hundredths]) => {
    return { readAt: midnight(day), registers: registers(hundredths) }
  })
}

function evidenceOf(readings: ReturnType<typeof readingsFrom>, jumpedOn?: number, rule = 'jump') {
  const jumps = jumpedOn === undefined ? [] : [{ readAt: midnight(jumpedOn), rules: [rule] }]
  return { readings: new Map([[1n, readings]]), jumps: new Map([[1n, jumps]]) }
}

t.test('an old value is followed by the use of all days it stood for, a real rest by that of one', (t) => {
  const repeated = { rules: ['stale_repeat'] }
  const cases: readonly [string, Partial<BoundaryRow>, ReturnType<typeof readingsFrom>, boolean][] = [
    ['one day, then the use of two', repeated, readingsFrom(15, [17, 110_00], [18, 115_00]), true],
    ['one day, then the use of one, which is too near to tell', repeated, readingsFrom(15, [17, 105_00]), true],
    ['three days, then the use of four', repeated, readingsFrom(13, [17, 120_00], [18, 125_00]), true],
    ['three days, then the use of one, which is too near as well', repeated, readingsFrom(13, [17, 105_00]), true],
    ['four days, then the use of five', repeated, readingsFrom(12, [17, 125_00], [18, 130_00]), true],
    ['four days, then the use of one', repeated, readingsFrom(12, [17, 105_00], [18, 110_00]), false],
    ['the use of four days before the load grew', repeated, readingsFrom(13, [17, 120_00], [18, 140_00]), true],
    [
      'three days beside days of little use, then more than four of those',
      repeated,
      [
        ...([6, 7, 8, 9] as const).map((day) => [day, day * 10_00 - 40_00] as const),
        [10, 60_00],
        [11, 90_00],
        [12, 99_00],
        ...([13, 14, 15, 16] as const).map((day) => [day, 100_00] as const),
        [17, 103_00],
        [18, 104_00],
        [19, 124_00],
      ].map(([day = 0, hundredths = 0]) => ({ readAt: midnight(day), registers: registers(hundredths) })),
      true,
    ],
    [
      'one day and one more after it, then the use of three',
      repeated,
      readingsFrom(15, [17, 100_00], [18, 115_00]),
      true,
    ],
    ['three more days of it and nothing else yet', repeated, readingsFrom(15, [17, 100_00], [18, 100_00]), false],
    ['one more day of it and nothing else yet', repeated, readingsFrom(15, [17, 100_00]), true],
    ['one day and no reading yet', repeated, readingsFrom(15), true],
    ['weeks of nothing and no reading yet', { rules: ['stale_repeat', 'zero_run'] }, readingsFrom(2), false],
    ['a person has decided it', { ...repeated, isDecidedByPerson: true }, readingsFrom(15, [17, 110_00]), false],
    ['nobody called it a repetition', {}, readingsFrom(15, [17, 110_00]), false],
    ['a note', { ...repeated, source: 'exchange' }, readingsFrom(15, [17, 110_00]), false],
  ]
  for (const [title, part, readings, expected] of cases) {
    const row = rowOf('end', { readAt: midnight(16), ...part })
    t.equal(row.end !== null && isStale(row, row.end, evidenceOf(readings), defaultDeterminantPolicy), expected, title)
  }
  t.end()
})

t.test(
  'where less than a week before it is known, a repeated value is old only if the load rests on no day around it',
  (t) => {
    const row = rowOf('end', { readAt: midnight(16), rules: ['stale_repeat'] })
    const cases: readonly [string, ReturnType<typeof readingsFrom>, boolean][] = [
      ['two days, then the use of three', readingsFrom(14, [17, 115_00], [18, 120_00]), true],
      ['four days, then the use of five', readingsFrom(12, [17, 125_00], [18, 130_00]), true],
      ['five days, then the use of one', readingsFrom(11, [17, 105_00], [18, 110_00]), false],
      ['a load that rests again', readingsFrom(14, [17, 115_00], [18, 115_00], [19, 120_00]), false],
    ]
    for (const [title, readings, expected] of cases) {
      const known = readings.slice(runningDays.length - 3)
      t.equal(row.end !== null && isStale(row, row.end, evidenceOf(known), defaultDeterminantPolicy), expected, title)
    }
    t.end()
  },
)

t.test('a meter that was hung up a week ago needs nobody to call its value a repetition', (t) => {
  const row = rowOf('end', { readAt: midnight(16) })
  const noted = { ...row, start: boundaryOf({ readAt: midnight(11), source: 'exchange' }) }
  const readings = readingsFrom(15, [17, 110_00])
  t.equal(row.end !== null && isStale(noted, row.end, evidenceOf(readings), defaultDeterminantPolicy), true)
  t.end()
})

t.test('a jump right after it throws doubt on the value of a load that has rested before', (t) => {
  const row = rowOf('end', { readAt: midnight(16) })
  const rested = [
    { readAt: midnight(2), registers: registers(70_00) },
    { readAt: midnight(3), registers: registers(70_00) },
  ]
  const of = (jumpedOn?: number) => {
    const readings = [...rested, ...readingsFrom(13, [17, 120_00], [18, 125_00])]
    return row.end !== null && isStale(row, row.end, evidenceOf(readings, jumpedOn), defaultDeterminantPolicy)
  }
  t.equal(of(), false)
  t.equal(of(17), true)
  t.equal(of(25), false, 'a jump of another week')
  t.end()
})

t.test('a value that came again is old where more than the fullest day follows, whatever the load does then', (t) => {
  const row = rowOf('end', { readAt: midnight(16) })
  const of = (since: number, rule: string) => {
    const readings = readingsFrom(since, [17, 120_00], [18, 120_00], [19, 120_00])
    return row.end !== null && isStale(row, row.end, evidenceOf(readings, 17, rule), defaultDeterminantPolicy)
  }
  t.equal(of(13, 'above_fullest'), true)
  t.equal(of(13, 'jump'), false, 'a load that rests may jump')
  t.equal(of(16, 'above_fullest'), false, 'the value is new')
  t.end()
})
