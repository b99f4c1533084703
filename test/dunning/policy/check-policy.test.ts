import t from 'tap'
import { policyViolationKinds } from '../../../dunning/policy/check-policy.js'
import { parsePolicy } from '../../../dunning/policy/parse-policy.js'
import { type DunningPolicy, policyDigest, policySchema } from '../../../dunning/policy/policy.js'
import { readStandardPolicy } from '../../../dunning/runs/standard-policy.js'

const standard = policySchema.parse(readStandardPolicy())
const [first, second, third] = standard.steps
const sms = ['sms', 'sms'] as const

function withSteps(...steps: (typeof first | undefined)[]): DunningPolicy {
  return { ...standard, steps: steps.flatMap((step) => step ?? []) }
}

const cases: readonly (readonly [string, DunningPolicy, readonly string[]])[] = [
  ['the standard policy', standard, []],
  ['a notice before the due date', withSteps({ ...first!, offsetDays: -3 }, second, third), ['sends_before_overdue']],
  ['a notice on the due date', withSteps({ ...first!, offsetDays: 0 }, second, third), ['sends_before_overdue']],
  ['two steps on one day', withSteps(first, { ...second!, offsetDays: 1 }, third), ['steps_out_of_order']],
  ['a channel named twice', withSteps(first, { ...second!, channels: [...sms] }, third), ['repeated_channel']],
  ['a template nobody wrote', withSteps(first, { ...second!, template: 'constructor' }, third), ['unknown_template']],
  ['a minute before eight', { ...standard, sendingHours: { from: '07:59', to: '21:00' } }, ['sends_in_quiet_hours']],
  ['a minute after nine', { ...standard, sendingHours: { from: '08:00', to: '21:01' } }, ['sends_in_quiet_hours']],
  ['hours that are empty', { ...standard, sendingHours: { from: '12:00', to: '12:00' } }, ['no_sending_hours']],
  ['two calls a day', { ...standard, voiceCalls: { perDay: 2, perWeek: 3 } }, ['too_many_calls']],
  ['four calls a week', { ...standard, voiceCalls: { perDay: 1, perWeek: 4 } }, ['too_many_calls']],
  ['delivery assumed after a night', { ...standard, plausibleDeliveryHours: 23 }, ['delivery_assumed_too_early']],
  ['notices valid for days', { ...standard, messageValidityHours: 73 }, ['valid_too_long']],
  [
    'a person after two notices',
    { ...standard, manual: { offsetDays: 10, effectiveNotices: 2 } },
    ['too_few_notices_before_person'],
  ],
  ['fewer steps than notices', withSteps(first, second), ['person_never_reached']],
  [
    'a person on the day of the last notice',
    { ...standard, manual: { offsetDays: 7, effectiveNotices: 3 } },
    ['person_before_last_notice'],
  ],
]

t.test('a policy that leaves the legal frame is refused with the reason', async (t) => {
  for (const [title, policy, kinds] of cases) {
    const parsed = parsePolicy(policy)
    const violations = !parsed.ok && parsed.error.kind === 'policy_unlawful' ? parsed.error.violations : []
    t.same(
      violations.map(({ kind }) => kind),
      kinds,
      title,
    )
    t.equal(parsed.ok, kinds.length === 0, title)
    t.ok(
      violations.every(({ reason }) => /\d/.test(reason)),
      `${title}: the reason names a number`,
    )
  }
})

t.test('every kind of violation is shown by a case', async (t) => {
  const shown = new Set(cases.flatMap(([, , kinds]) => kinds))
  t.same(
    policyViolationKinds.filter((kind) => !shown.has(kind)),
    [],
  )
})

t.test('a document with an unknown key is malformed', async (t) => {
  const parsed = parsePolicy({ ...standard, quiet: true })
  t.match(parsed, { ok: false, error: { kind: 'policy_malformed', reason: /quiet/ } })
})

t.test('the digest does not depend on the order of keys', async (t) => {
  const shuffled = Object.fromEntries(Object.entries(standard).toReversed())
  t.same(policyDigest(policySchema.parse(shuffled)), policyDigest(standard))
  t.notSame(policyDigest({ ...standard, version: 2 }), policyDigest(standard))
})
