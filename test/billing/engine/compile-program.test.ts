import t from 'tap'
import { compileProgram } from '../../../billing/engine/compile-program.js'
import type { Tariff } from '../../../billing/tariffs/tariff.js'

const timeOfUse: Tariff['slots'] = { registers: ['sharp', 'peak', 'flat', 'valley'], residual: 'flat' }

function tariffOf(tou: Tariff['slots'], form: 'full' | 'increment', blocks: number): Tariff {
  const limits = Array.from({ length: blocks - 1 }, (_, index) => BigInt(index + 1) * 10_000n)
  return {
    code: 'x',
    version: 1,
    slots: tou,
    energyPrices: [],
    ladder: { form, monthlyLimitsE4: limits, blockPricesE8: Array.from({ length: blocks }, () => 1n) },
    funds: [],
    vatRateE4: 0n,
  }
}

t.test('compiles no tariff whose bills could outgrow the columns', (t) => {
  const cases: readonly [title: string, tariff: Tariff, compiles: boolean][] = [
    ['four slots and eight blocks', tariffOf(timeOfUse, 'increment', 8), true],
    ['four slots and nine blocks', tariffOf(timeOfUse, 'increment', 9), false],
    ['one slot and eleven blocks', tariffOf(null, 'increment', 11), true],
    ['one slot and twelve blocks', tariffOf(null, 'increment', 12), false],
    ['twelve blocks alone', tariffOf(null, 'full', 12), true],
    ['thirteen blocks alone', tariffOf(null, 'full', 13), false],
  ]
  for (const [title, tariff, compiles] of cases) {
    if (compiles) t.ok(compileProgram(tariff).ok, title)
    else t.throws(() => compileProgram(tariff), { name: 'InvariantError' }, title)
  }
  t.end()
})
