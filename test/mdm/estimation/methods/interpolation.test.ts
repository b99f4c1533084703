import t from 'tap'
import { estimateRegisters } from '../../../../mdm/estimation/estimate-registers.js'
import { contextOf, policyOf } from '../../support/estimation-contexts.js'

const even = Array.from({ length: 30 }, () => 10)
const uneven = Array.from({ length: 30 }, (_, day) => (day % 2 === 0 ? 2 : 18))
const policy = policyOf([{ method: 'interpolation' }])

t.test('lies between the readings, and is the surer the evener the point used such gaps before', async (t) => {
  const of = (days: readonly number[]) =>
    estimateRegisters(contextOf({ days, at: 1, later: { at: 2, kWh: 20 } }), policy)
  const [sure, unsure] = [of(even), of(uneven)]
  if (!sure.ok || !unsure.ok) throw new Error('both can be interpolated')
  t.equal(sure.value.registers.totalE4, 1310_0000n)
  t.equal(unsure.value.registers.totalE4, 1310_0000n)
  t.ok(sure.value.highE4 - sure.value.lowE4 < 3_0000n, 'an even point leaves little doubt')
  t.ok(unsure.value.highE4 - unsure.value.lowE4 > 12_0000n, 'an uneven one leaves much')
  t.ok(unsure.value.lowE4 >= 1300_0000n && unsure.value.highE4 <= 1320_0000n, 'and none beyond its neighbours')
})

t.test('refuses what no later reading bounds, a register that fell, and a gap that is too long', async (t) => {
  const short = policyOf([{ method: 'interpolation', greatestGapDays: 5 }])
  t.match(estimateRegisters(contextOf({ days: even, at: 1 }), policy), { error: { kind: 'no_later_value' } })
  t.match(estimateRegisters(contextOf({ days: even, at: 1, later: { at: 2, kWh: -3 } }), policy), {
    error: { kind: 'registers_disagree' },
  })
  t.match(estimateRegisters(contextOf({ days: even, at: 1, later: { at: 6, kWh: 60 } }), short), {
    error: { kind: 'gap_too_long' },
  })
})
