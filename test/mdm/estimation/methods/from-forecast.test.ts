import t from 'tap'
import { estimateRegisters } from '../../../../mdm/estimation/estimate-registers.js'
import { contextOf, type ContextParts, peersOf, policyOf } from '../../support/estimation-contexts.js'
import type { MethodRule } from '../../../../mdm/estimation/policy-document.js'

const even = Array.from({ length: 20 }, () => 10)

t.test('what is asked of a point before a method may speak, and how far it may go', async (t) => {
  const cases: readonly (readonly [string, ContextParts, Partial<MethodRule>, string])[] = [
    ['all is there', { days: even, at: 2 }, {}, 'ok'],
    ['too few known days', { days: even, at: 2 }, { leastHistoryDays: 21 }, 'history_too_short'],
    ['too long a gap', { days: even, at: 8 }, { greatestGapDays: 7 }, 'gap_too_long'],
    [
      'a later reading that contradicts the earlier one',
      { days: even, at: 2, later: { at: 4, kWh: -1 } },
      {},
      'registers_disagree',
    ],
    ['the register would be full', { days: even, at: 2, registerDigits: 3 }, {}, 'registers_disagree'],
    ['no reading ever', { days: [], at: 2 }, { leastHistoryDays: 0 }, 'history_too_short'],
  ]
  for (const [title, parts, rule, expected] of cases) {
    const result = estimateRegisters(contextOf(parts), policyOf([{ method: 'own_history', ...rule }]))
    t.equal(result.ok ? 'ok' : result.error.kind, expected, title)
  }
})

t.test('no day gets more than the highest known day, whatever the neighbours did', async (t) => {
  const peers = peersOf(20, [...even.map(() => 10_000), 90_000, 90_000])
  const result = estimateRegisters(contextOf({ days: even, at: 2, peers }), policyOf([{ method: 'peer_profile' }]))
  t.match(result, { ok: true, value: { method: 'peer_profile', registers: { totalE4: 1220_0000n }, peers: 5 } })
})

t.test('few peers are a reason of their own', async (t) => {
  const peers = peersOf(20, [...even.map(() => 10_000), 10_000], 2)
  const result = estimateRegisters(contextOf({ days: even, at: 1, peers }), policyOf([{ method: 'peer_profile' }]))
  t.match(result, { ok: false, error: { kind: 'too_few_peers' } })
})
