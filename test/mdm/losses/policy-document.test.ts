import t from 'tap'
import { stringify } from 'yaml'
import { builtInLossPolicy } from '../../../mdm/losses/loss-policy.js'
import { builtInLossDocument, lossPolicyKind, toLossPolicy } from '../../../mdm/losses/policy-document.js'
import { parsePolicy } from '../../../mdm/policies/policy-kind.js'

t.test('the built-in document is the built-in policy', async (t) => {
  t.match(builtInLossDocument, { abovePercent: '10', risePercent: '1.5', leastKwh: '5' })
  t.same(parsePolicy(lossPolicyKind, stringify(builtInLossDocument)), { ok: true, value: builtInLossDocument })
  t.same(toLossPolicy('built-in/1', builtInLossDocument), builtInLossPolicy)
})

t.test('says what is wrong', async (t) => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ abovePercent: '101' }, /expected percent as text/],
    [{ abovePercent: '1.555' }, /expected percent as text/],
    [{ negativePercent: '-1' }, /expected percent as text/],
    [{ leastKwh: 'five' }, /expected kWh as text/],
    [{ usualDays: 0 }, /whole days from 1/],
  ]
  for (const [change, expected] of cases) {
    const parsed = parsePolicy(lossPolicyKind, stringify({ ...builtInLossDocument, ...change }))
    t.match(parsed.ok ? 'accepted' : parsed.error.reason, expected)
  }
})
