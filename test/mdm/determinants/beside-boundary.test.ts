import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { isStale, noteFits } from '../../../mdm/determinants/beside-boundary.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import type { BoundaryRow } from '../../../storage/mdm/determinants.js'
import { midnight, registers } from '../support/small-utility.js'

const meter = { meterId: 1n, model: 'm', registerDigits: 6, registerDecimals: 2 }
const noon = midnight(16) + 12 * hourMs

function boundary(part: Partial<BoundaryRow>): BoundaryRow {
  return {
    readAt: noon,
    verdict: 'accepted',
    registers: registers(100_00),
    source: 'exchange',
    rules: [],
    beside: null,
    isDecidedByPerson: false,
    ...part,
  }
}

t.test(
  'a note fits when what was counted to the reading beside it is at most two usual days for each day begun',
  (t) => {
    const usual = 5_0000n
    const after = (hundredths: number, days = 1) => ({ readAt: midnight(16 + days), registers: registers(hundredths) })
    const cases: readonly [string, Partial<BoundaryRow>, boolean][] = [
      ['an afternoon of two days', { beside: after(110_00) }, true],
      ['and what two display steps can hide', { beside: after(110_02) }, true],
      ['more than that', { beside: after(110_03) }, false],
      ['twice as much over two days', { beside: after(120_00, 2) }, true],
      ['a lower reading after a start note', { beside: after(99_00) }, false],
      ['a reading before a stop note', { beside: { readAt: midnight(16), registers: registers(89_00) } }, false],
      ['no reading beside it', {}, true],
      ['a person has decided it', { beside: after(500_00), isDecidedByPerson: true }, true],
      ['no note', { beside: after(500_00), source: 'scheduled' }, true],
    ]
    for (const [title, part, expected] of cases)
      t.equal(noteFits({ meter }, boundary(part), usual, defaultDeterminantPolicy), expected, title)
    t.end()
  },
)

t.test('a repeated value is stale when the next reading goes on, and real rest when it does not', (t) => {
  const next = (hundredths: number) => ({ readAt: midnight(17), registers: registers(hundredths) })
  const cases: readonly [string, Partial<BoundaryRow>, boolean][] = [
    ['the next one goes on', { rules: ['stale_repeat'], beside: next(110_00) }, true],
    ['the next one is the same again', { rules: ['stale_repeat'], beside: next(100_00) }, false],
    ['there is none yet', { rules: ['stale_repeat'] }, false],
    ['nobody called it a repetition', { beside: next(110_00) }, false],
  ]
  for (const [title, part, expected] of cases) t.equal(isStale(boundary(part)), expected, title)
  t.end()
})
