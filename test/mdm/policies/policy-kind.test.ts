import t, { type Test } from 'tap'
import { hourMs } from '../../../domain/time.js'
import { curvePolicyKind } from '../../../mdm/curves/policy-document.js'
import { estimationPolicyKind } from '../../../mdm/estimation/policy-kind.js'
import { exceptionPolicyKind } from '../../../mdm/exceptions/policy-kind.js'
import { lossPolicyKind } from '../../../mdm/losses/policy-document.js'
import { builtInPolicy, policyDigest, policyInForce, type PolicyKind } from '../../../mdm/policies/policy-kind.js'
import { validationPolicyKind } from '../../../mdm/validation/policy-kind.js'
import type { Database } from '../../../storage/database.js'
import { approvePolicy, submitPolicy } from '../../../storage/policies/sign-policy.js'
import { testNow, withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { createStillClock } from '../../support/still-clock.js'

t.test('every policy is signed by two people, and counts from its day on', async (t) => {
  const database = await withDatabase(t)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const [console, mdm] = [database.as('console'), database.as('mdm')]
  await signed(t, console, mdm, curvePolicyKind)
  await signed(t, console, mdm, estimationPolicyKind)
  await signed(t, console, mdm, exceptionPolicyKind)
  await signed(t, console, mdm, lossPolicyKind)
  await signed(t, console, mdm, validationPolicyKind)
})

async function signed<Document extends object>(
  t: Test,
  console: Database,
  mdm: Database,
  kind: PolicyKind<Document>,
): Promise<void> {
  const clock = createStillClock(testNow)
  const { document, version } = await builtInPolicy(kind, mdm)
  const submission = {
    document,
    sha256: policyDigest(kind, document),
    author: 'lead',
    reason: 'as before',
    effectiveFrom: testNow + hourMs,
  }
  const { revision } = await submitPolicy(console, clock, kind, submission)
  t.same(await submitPolicy(console, clock, kind, submission), { kind: 'exists', revision }, kind.table)
  await t.rejects(submitPolicy(console, clock, kind, { ...submission, reason: ' ' }), { code: 'bad_usage' })
  const approve = (approver: string, number = revision) =>
    approvePolicy(console, clock, kind, { revision: number, approver })
  await t.rejects(approve('lead'), { code: 'refused', reason: 'four_eyes' })
  await t.rejects(approve('head', 99), { code: 'not_found' })
  const inForce = async (at: number) => (await policyInForce(kind, mdm, { knownAt: testNow + hourMs, at })).version
  t.equal(await inForce(testNow + hourMs), version, 'nobody has signed it')
  t.equal(await approve('head'), true)
  t.equal(await inForce(testNow), version)
  t.equal(await inForce(testNow + hourMs), kind.versionOf(revision))
}
