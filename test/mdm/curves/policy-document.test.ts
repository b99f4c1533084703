import t from 'tap'
import { stringify } from 'yaml'
import { builtInCurvePolicy } from '../../../mdm/curves/policy.js'
import { builtInCurveDocument, curvePolicyKind, toCurvePolicy } from '../../../mdm/curves/policy-document.js'
import { parsePolicy } from '../../../mdm/policies/policy-kind.js'

t.test('the built-in document is the built-in policy', async (t) => {
  t.same(parsePolicy(curvePolicyKind, stringify(builtInCurveDocument)), { ok: true, value: builtInCurveDocument })
  t.same(toCurvePolicy('built-in/1', builtInCurveDocument), builtInCurvePolicy)
})

t.test('says what is wrong', async (t) => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ limitKwhPerHour: '0' }, /expected kWh as text/],
    [{ limitKwhPerHour: 66 }, /应为 expected 文本 text/],
    [{ channels: ['forward_active_energy', 'forward_active_energy'] }, /expected each once/],
    [{ channels: [] }, /at least one channel/],
    [{ notes: ['nope'] }, /expected rules out of too_many_intervals/],
    [{ closeAfterHours: 0 }, /whole hours from 1/],
    [{ more: 1 }, /more/],
  ]
  for (const [change, expected] of cases) {
    const parsed = parsePolicy(curvePolicyKind, stringify({ ...builtInCurveDocument, ...change }))
    t.match(parsed.ok ? 'accepted' : parsed.error.reason, expected)
  }
})
