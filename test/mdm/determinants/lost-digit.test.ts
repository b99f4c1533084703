import t from 'tap'
import { lostDigitIn } from '../../../mdm/determinants/lost-digit.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { midnight, registers } from '../support/small-utility.js'
import { rowOf } from './support.js'

t.test('a register that shows tens of its last digit since usage jumped comes in another unit', (t) => {
  const july = rowOf('start', {})
  const of = (before: readonly number[], after: readonly number[], jumpedOn = 15, step = 1) => {
    const reads = [...before, ...after].map((value, index) => {
      return { readAt: midnight(15 - before.length + index * step), registers: registers(value) }
    })
    const jumps = new Map([[1n, [{ readAt: midnight(jumpedOn), rules: ['jump'] }]]])
    const found = lostDigitIn(july, defaultDeterminantPolicy, { jumps, readings: new Map([[1n, reads]]) })
    return found === null ? null : found - midnight(jumpedOn)
  }
  const odd = [91_01, 92_02, 93_03, 94_04, 95_05]
  const tens = [105_00, 115_10, 125_20, 135_30, 145_40]
  t.equal(of(odd, tens), 0)
  t.equal(of([...odd.slice(0, 4), 95_00], tens), 0, 'one of those before ends with a zero, too')
  t.equal(of([90_00, 91_00, 92_00, 93_00, 94_00], tens), null, 'all before do')
  t.equal(of(odd, [...tens.slice(0, 4), 145_41]), null, 'the fifth does not')
  t.equal(of(odd, [...tens, 155_51]), 0, 'the sixth does not')
  t.equal(of(odd, tens.slice(0, 4)), null, 'four are too few')
  t.equal(of(odd, [105_00, 105_00, 105_00, 115_10, 125_20]), null, 'one of them stands for days')
  t.equal(of([], tens), null, 'nothing is known before')
  t.equal(of(odd, tens, 34), null, 'a jump of August')
  t.end()
})
