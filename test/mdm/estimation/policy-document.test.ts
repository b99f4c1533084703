import t from 'tap'
import { stringify } from 'yaml'
import { defaultEstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { estimationPolicyKind } from '../../../mdm/estimation/policy-kind.js'
import { parsePolicy, policyDigest } from '../../../mdm/policies/policy-kind.js'

const { document } = defaultEstimationPolicy
const { residential } = document.classes
const withHomes = (change: object) =>
  stringify({ ...document, classes: { ...document.classes, residential: { ...residential, ...change } } })

t.test('the built-in policy is one, whatever order its keys are in', async (t) => {
  const parsed = parsePolicy(estimationPolicyKind, stringify(document))
  t.match(parsed, { ok: true })
  const turned = Object.fromEntries(Object.entries(document).toReversed())
  const other = parsePolicy(estimationPolicyKind, stringify(turned))
  if (!parsed.ok || !other.ok) throw new Error('both are policies')
  t.same(policyDigest(estimationPolicyKind, parsed.value), policyDigest(estimationPolicyKind, other.value))
})

t.test('says what is wrong and where', async (t) => {
  const [first] = residential.methods
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a method twice', withHomes({ methods: [first, first] }), /interpolation is there twice/],
    ['no method', withHomes({ methods: [] }), /at least one method/],
    ['a method nobody knows', withHomes({ methods: [{ ...first, method: 'guess' }] }), /expected one of interpolation/],
    [
      'a boundary without its method',
      withHomes({ methods: [first], billingBoundary: 'previous_period' }),
      /expected previous_period among/,
    ],
    ['a limit beyond all bounds', withHomes({ mostConsecutiveDays: 400 }), /whole days from 1 to 62/],
    ['a day that is none', stringify({ ...document, holidays: ['2026-02-30'] }), /expected a day/],
    ['a key nobody knows', stringify({ ...document, more: 1 }), /more/],
    ['a class is missing', stringify({ ...document, classes: { residential } }), /必填 required: 对象 an object/],
  ]
  for (const [title, text, expected] of cases) {
    const parsed = parsePolicy(estimationPolicyKind, text)
    t.match(parsed.ok ? 'accepted' : parsed.error.reason, expected, title)
  }
})
