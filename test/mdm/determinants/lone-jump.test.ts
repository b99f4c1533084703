import t from 'tap'
import { heavyJumpIn, loneJumpsIn } from '../../../mdm/determinants/lone-jump.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { midnight, registers } from '../support/small-utility.js'
import { minuteMs } from '../../../domain/time.js'
import { boundaryOf, rowOf } from './support.js'

const july = rowOf('start', {})

function marks(days: readonly number[], rule = 'jump') {
  return new Map([[1n, days.map((day) => ({ readAt: midnight(day), rules: [rule] }))]])
}

t.test('a day that jumped alone is named, days that jumped together are a load that grew', (t) => {
  const cases: readonly [string, readonly number[], readonly number[]][] = [
    ['none', [], []],
    ['one', [15], [15]],
    ['two in a row', [15, 16], []],
    ['two apart', [15, 18], [15, 18]],
    ['the last day of July, and the first of August', [32, 33], []],
    ['the last day of July alone', [32], [32]],
    ['the last day of June alone', [1], [1]],
    ['a day of June five days before', [-4], []],
    ['a day of August four days after the end', [36], [36]],
    ['a day of August five days after it', [37], []],
  ]
  for (const [title, days, expected] of cases)
    t.same(
      loneJumpsIn(july, defaultDeterminantPolicy, marks(days)).map(({ readAt }) => readAt),
      expected.map(midnight),
      title,
    )
  const live = { ...july, end: boundaryOf({ readAt: midnight(32) + 9 * minuteMs, source: 'live' }) }
  const late = new Map([[1n, [{ readAt: midnight(32) + 9 * minuteMs, rules: ['jump'] }]]])
  t.equal(loneJumpsIn(live, defaultDeterminantPolicy, late).length, 1, 'a live read some minutes after the end')
  t.end()
})

t.test('a lone jump weighs when it makes up more than an eighth of the month and the days beside it do not', (t) => {
  const read = (day: number, hundredths: number) => ({ readAt: midnight(day), registers: registers(hundredths) })
  const evidence = { doubts: new Map(), turnovers: new Map(), jumps: marks([15]) }
  const fullest = { ...evidence, jumps: marks([15], 'above_fullest') }
  const of = (...hundredths: readonly number[]) => ofMarked(evidence, hundredths)
  const ofMarked = (marked: typeof evidence, hundredths: readonly number[]) => {
    const readings = new Map([[1n, hundredths.map((value, index) => read(13 + index, value))]])
    return heavyJumpIn(july, 100_0000n, defaultDeterminantPolicy, { ...marked, readings })
  }
  t.equal(of(99_00, 100_00, 112_00, 113_00), null, '12 of 100 kWh')
  t.equal(of(99_00, 100_00, 112_01, 113_00), midnight(15), 'a hundredth more')
  t.equal(ofMarked(fullest, [99_00, 100_00, 109_00, 110_00]), null, '9 of them, above the fullest day')
  t.equal(ofMarked(fullest, [99_00, 100_00, 109_01, 110_00]), midnight(15), 'a hundredth more')
  t.equal(of(99_00, 100_00, 120_00, 127_00), null, 'the day after it has a third of it')
  t.equal(of(93_00, 100_00, 120_00, 121_00), null, 'the day before it has')
  t.equal(of(99_00, 100_00, 120_00, 120_00, 127_00), null, 'the next day that counts has a third of it')
  t.equal(of(99_00, 100_00, 120_00, 120_00, 122_00), midnight(15), 'the next day that counts has less')
  t.equal(of(99_00, 100_00, 120_00), midnight(15), 'no day after it is known')
  t.equal(of(), null, 'no reading tells')
  t.end()
})

t.test('at an end any lone day beyond the fullest one weighs, when the days beside it have half of it', (t) => {
  const evidence = { doubts: new Map(), turnovers: new Map() }
  const of = (day: number, rule: string, ...hundredths: readonly number[]) => {
    const readings = hundredths.map((value, index) => {
      return { readAt: midnight(day - 2 + index), registers: registers(value) }
    })
    const known = { ...evidence, jumps: marks([day], rule), readings: new Map([[1n, readings]]) }
    const row = { ...july, start: boundaryOf({ readAt: midnight(1) }), end: boundaryOf({ readAt: midnight(32) }) }
    return heavyJumpIn(row, 1000_0000n, defaultDeterminantPolicy, known)
  }
  const uneven = [95_00, 100_00, 110_01, 115_00] as const
  t.equal(of(1, 'above_fullest', ...uneven), midnight(1), 'up to the start')
  t.equal(of(2, 'above_fullest', ...uneven), midnight(2), 'from the start on')
  t.equal(of(32, 'above_fullest', ...uneven), midnight(32), 'up to the end')
  t.equal(of(15, 'above_fullest', ...uneven), null, 'in the middle')
  t.equal(of(33, 'above_fullest', ...uneven), midnight(33), 'from the end on')
  t.equal(of(34, 'above_fullest', ...uneven), null, 'a day later')
  t.equal(of(1, 'jump', ...uneven), null, 'not beyond the fullest day')
  t.equal(of(1, 'above_fullest', 95_00, 100_00, 110_00, 115_00), null, 'the days beside it have half of it')
  t.end()
})
