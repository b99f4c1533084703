import t from 'tap'
import { isNotPlainlyRead, originOf } from '../../../mdm/determinants/origin-of.js'

t.test('a boundary says who stands for it', (t) => {
  const cases: readonly [string, number | null, string, boolean][] = [
    ['accepted', 1, 'read', false],
    ['accepted', 2, 'back_filled', false],
    ['accepted', 3, 'read', false],
    ['accepted', 4, 'live', false],
    ['accepted', 5, 'field', true],
    ['accepted', 8, 'imported', true],
    ['accepted', 6, 'exchange', true],
    ['accepted', 7, 'corrected', true],
    ['estimated', null, 'estimated', true],
    ['held', 1, 'held', false],
    ['settled', null, 'settled', false],
  ]
  for (const [verdict, source, expected, isMarked] of cases) {
    t.equal(originOf({ verdict, source }), expected)
    t.equal(isNotPlainlyRead(originOf({ verdict, source })), isMarked, expected)
  }
  t.equal(originOf(undefined), 'missing')
  t.end()
})
