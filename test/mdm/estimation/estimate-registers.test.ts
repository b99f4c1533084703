import fc from 'fast-check'
import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { defaultEstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { estimateRegisters } from '../../../mdm/estimation/estimate-registers.js'
import { type ClassRule, methodNames } from '../../../mdm/estimation/policy-document.js'
import { contextOf, type ContextParts, peersOf, policyOf } from '../support/estimation-contexts.js'

const even = Array.from({ length: 40 }, () => 10)
const ranked = policyOf(methodNames.map((method) => ({ method })))

t.test('the first method that can be used is, else the reason of the first one', async (t) => {
  const shares = Array.from({ length: 50 }, () => 10_000)
  const cases: readonly (readonly [string, ContextParts, string])[] = [
    ['a later reading', { days: even, at: 1, later: { at: 2, kWh: 20 } }, 'interpolation'],
    ['none, but neighbours', { days: even, at: 2, peers: peersOf(40, shares) }, 'peer_profile'],
    ['neither', { days: even, at: 2 }, 'own_history'],
    ['hardly any history', { days: even.slice(0, 3), at: 2 }, 'no_later_value'],
    ['days that nobody knows, both ends known', { days: [...even, null, null, null, 10], at: 2 }, 'own_history'],
  ]
  for (const [title, parts, expected] of cases) {
    const result = estimateRegisters(contextOf(parts), ranked)
    t.equal(result.ok ? result.value.method : result.error.kind, expected, title)
  }
})

t.test('estimates go on for so many days, and at boundaries for so many months, and no longer', async (t) => {
  const previous = [{ method: 'previous_period' as const }]
  const cases: readonly (readonly [string, ContextParts, Partial<ClassRule>, string])[] = [
    ['the tenth day', { days: even, at: 10 }, { mostConsecutiveDays: 10 }, 'previous_period'],
    ['the eleventh day', { days: even, at: 11 }, { mostConsecutiveDays: 10 }, 'estimated_too_long'],
    [
      'read since, however long ago',
      { days: even, at: 11, later: { at: 12, kWh: 120 } },
      { mostConsecutiveDays: 10 },
      'interpolation',
    ],
    ['a boundary, as a rule', { days: even, at: 16, boundary: true }, {}, 'billing_boundary'],
    [
      'a boundary where the policy says so',
      { days: even, at: 16, boundary: true },
      { billingBoundary: 'previous_period', mostConsecutiveDays: 1 },
      'previous_period',
    ],
    [
      'the second boundary in a row',
      { days: [...even, ...even], at: 47, boundary: true },
      { billingBoundary: 'previous_period' },
      'estimated_too_long',
    ],
  ]
  for (const [title, parts, limits, expected] of cases) {
    const methods = parts.later === undefined ? previous : [{ method: 'interpolation' as const }, ...previous]
    const wide = methods.map((each) => ({ ...each, greatestGapDays: 62 }))
    const result = estimateRegisters(contextOf(parts), policyOf(wide, limits))
    t.equal(result.ok ? result.value.method : result.error.kind, expected, title)
  }
})

t.test('a boundary rests on the period before or on a later reading, never on another method', async (t) => {
  const policy = policyOf(
    methodNames.map((method) => ({ method })),
    { billingBoundary: 'previous_period' },
  )
  const methodOf = (parts: ContextParts) => {
    const result = estimateRegisters(contextOf({ ...parts, boundary: true }), policy)
    return result.ok ? result.value.method : result.error.kind
  }
  t.equal(methodOf({ days: even, at: 16 }), 'previous_period')
  t.equal(methodOf({ days: even, at: 16, later: { at: 18, kWh: 180 } }), 'interpolation')
})

t.test('a method waits for its age', async (t) => {
  const kindOf = (ageDays: number) =>
    estimateRegisters(contextOf({ days: even, at: 2, ageDays }), defaultEstimationPolicy)
  t.match(kindOf(4), { ok: false, error: { kind: 'no_later_value' } })
  t.match(kindOf(5), { ok: true, value: { method: 'own_history' } })
})

const day = fc.option(fc.integer({ min: 0, max: 60 }), { freq: 8 })
const gap = fc.record({
  days: fc.array(day, { minLength: 0, maxLength: 45 }),
  at: fc.integer({ min: 1, max: 9 }),
  more: fc.option(fc.record({ days: fc.integer({ min: 1, max: 9 }), kWh: fc.integer({ min: 0, max: 400 }) })),
  shares: fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 60, maxLength: 60 }),
  method: fc.constantFrom(...methodNames),
})

t.test(
  'never below the last known register nor above the next, consistent, within its interval, and always the same',
  async (t) => {
    let estimated = 0
    fc.assert(
      fc.property(gap, ({ days, at, more, shares, method }) => {
        const later = more === null ? {} : { later: { at: at + more.days, kWh: more.kWh } }
        const context = contextOf({ days, at, ...later, peers: peersOf(days.length, shares) })
        const policy = policyOf([{ method, leastHistoryDays: 1 }])
        const result = estimateRegisters(context, policy)
        t.same(estimateRegisters(context, policy), result)
        if (!result.ok || context.before === null) return
        estimated += 1
        const { registers, lowE4, highE4 } = result.value
        const { before, after } = context
        const known = context.history.totalsE4
        t.ok(before.registers.totalE4 <= lowE4 && lowE4 <= registers.totalE4 && registers.totalE4 <= highE4)
        t.ok(after === null || highE4 <= after.registers.totalE4)
        const [, peak, , valley] = registers.touE4
        if (peak === null || valley === null) throw new Error('both tariff registers go on')
        if (after === null) t.equal(registers.totalE4 - peak - valley, 200n)
        t.ok(peak >= (before.registers.touE4[1] ?? 0n) && valley >= (before.registers.touE4[3] ?? 0n))
        t.equal(registers.totalE4 % 100n, before.registers.totalE4 % 100n, 'whole display steps')
        const usages = known.slice(1).map((total, index) => (total ?? 0n) - (known[index] ?? total ?? 0n))
        const highest = usages.reduce((most, usage) => (usage > most ? usage : most), 0n)
        const gapDays = BigInt(Math.ceil((context.readAt - before.readAt) / dayMs))
        if (after === null) t.ok(registers.totalE4 - before.registers.totalE4 <= highest * gapDays, 'no peak')
      }),
      { seed: 11, numRuns: 800 },
    )
    t.ok(estimated > 150, `${estimated} of 800 were estimated`)
  },
)
