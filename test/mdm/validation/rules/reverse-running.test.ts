import t from 'tap'
import { reverseRunning } from '../../../../mdm/validation/rules/reverse-running.js'
import type { Candidate } from '../../../../mdm/validation/rule.js'
import { candidate, home, set, speaks, steady } from '../../support/candidates.js'

t.test('reverse running: a fall of up to three usual days, or export that nobody agreed to', (t) => {
  const fed = (kwh: number, supply = home) => candidate(set(0), set(kwh), { quantity: 2, supply })
  const fall = (hundredths: number, history = steady(10, 12)) =>
    candidate(set(5000_00), set(5000_00 - hundredths), { history })
  const cases: readonly [string, Candidate, boolean][] = [
    ['it counts', candidate(set(100), set(200), { history: steady(10, 12) }), false],
    ['a usual day backwards', fall(12_00), true],
    ['three of them', fall(36_00), true],
    ['more is no running', fall(36_01), false],
    ['a week is not known', fall(12_00, steady(6, 12)), false],
    ['1 kWh fed in', fed(1_00), false],
    ['more fed in', fed(1_01), true],
    ['fed in as agreed', fed(500_00, { ...home, exportAgreed: true }), false],
  ]
  for (const [title, one, expected] of cases) t.equal(speaks(reverseRunning, one), expected, title)
  t.end()
})
