import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { defaultEstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { estimationPolicyInForce } from '../../../mdm/estimation/policy-in-force.js'
import { estimationPolicyKind } from '../../../mdm/estimation/policy-kind.js'
import { policyDigest } from '../../../mdm/policies/policy-kind.js'
import { insertRevisionApproval } from '../../../storage/policies/policy-revisions.js'
import { approvePolicy, submitPolicy } from '../../../storage/policies/sign-policy.js'
import { testNow, withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { createStillClock } from '../../support/still-clock.js'

const document = { ...defaultEstimationPolicy.document, holidays: ['2026-10-01'] }

t.test('a policy counts once another person has approved it, from then on', async (t) => {
  const database = await withDatabase(t)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  await database.as('owner').execute(`insert into actor values ('system', 'system', 'process', now())`)
  const [office, mdm] = [database.as('console'), database.as('mdm')]
  const clock = createStillClock(testNow)
  const sha256 = policyDigest(estimationPolicyKind, document)
  const submission = { document, sha256, author: 'lead', reason: 'the holiday of October', effectiveFrom: testNow }
  t.same(await submitPolicy(office, clock, estimationPolicyKind, submission), { kind: 'created', revision: 1 })
  t.same(await submitPolicy(office, clock, estimationPolicyKind, submission), { kind: 'exists', revision: 1 })
  await t.rejects(submitPolicy(office, clock, estimationPolicyKind, { ...submission, author: 'system' }), {
    code: 'refused',
  })
  t.equal((await estimationPolicyInForce(mdm, testNow)).version, 'built-in/1')

  const cases: readonly (readonly [number, string, { readonly code: string; readonly reason?: string }])[] = [
    [1, 'lead', { code: 'refused', reason: 'four_eyes' }],
    [1, 'system', { code: 'refused' }],
    [1, 'nobody', { code: 'bad_usage' }],
    [7, 'head', { code: 'not_found' }],
  ]
  for (const [revision, approver, expected] of cases)
    await t.rejects(approvePolicy(office, clock, estimationPolicyKind, { revision, approver }), expected)
  await t.rejects(
    insertRevisionApproval(office, 'estimation_policy', { revision: 1, approver: 'lead', approvedAt: testNow }),
    /may not approve it/,
    'the database refuses its author as well',
  )
  t.equal(await approvePolicy(office, clock, estimationPolicyKind, { revision: 1, approver: 'head' }), true)
  t.equal(await approvePolicy(office, clock, estimationPolicyKind, { revision: 1, approver: 'head' }), false)
  t.same(await estimationPolicyInForce(mdm, testNow), { version: 'estimation/1', document })
  t.equal((await estimationPolicyInForce(mdm, testNow - hourMs)).version, 'built-in/1', 'as it was known then')
})

t.test('a stored policy that cannot be read is said to be so', async (t) => {
  const database = await withDatabase(t)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const clock = createStillClock(testNow)
  const broken = { ...document, format: 9 } as unknown as typeof document
  await database
    .as('console')
    .execute(
      `insert into estimation_policy values (1, $1, decode(repeat('00', 32), 'hex'), now(), $2, 'lead', 'a newer program wrote it')`,
      [JSON.stringify(broken), new Date(testNow).toISOString()],
    )
  await approvePolicy(database.as('console'), clock, estimationPolicyKind, { revision: 1, approver: 'head' })
  await t.rejects(estimationPolicyInForce(database.as('mdm'), Date.parse('2100-01-01')), {
    code: 'bad_config',
    message: /revision 1: format/,
  })
})
