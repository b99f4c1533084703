import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { insertDecisionApproval } from '../../../storage/mdm/exception-decisions.js'
import { exchange } from '../support/changes.js'
import { arrangeQueue, clerk, second } from '../support/queue-scene.js'
import { midnight, registers, store } from '../support/small-utility.js'

t.test('a held account is billed once two people have answered the doubt, and only for that period', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const now = midnight(34)
  const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32), now }
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 4n, readAt: midnight(32), registers: registers(4005_00) },
  ])
  await applyRegistryChange(mdm, exchange(), { actor: 'system', recordedAt: midnight(19) })
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const first = await freezeDeterminants(mdm, july)
  const held = first.holds.find(({ accountId }) => accountId === 1n)
  t.match(held, { code: 'usage_unlike_history' }, 'usage per day is seven times what it was with the old meter')
  await openExceptions(mdm, { actor: 'system', now: now + hourMs })
  const decided = await decideExceptions(database.as('console'), {
    filter: { kind: 'determinant_hold', rule: 'usage_unlike_history' },
    action: 'accept',
    reason: 'a workshop moved in',
    evidence: 'letter 12',
    actor: clerk,
    now: now + 2 * hourMs,
  })
  if (!decided.ok || decided.value.decision === null) throw new Error(JSON.stringify(decided))
  const { decisionId, approvalsNeeded } = decided.value.decision
  t.equal(approvalsNeeded, 1, 'more than the threshold of one person')
  t.match(await applyDecisions(mdm, { now: now + 2 * hourMs }), { applied: 0 })
  const approvedAt = now + 3 * hourMs
  await insertDecisionApproval(database.as('console'), { decisionId, approver: second, approvedAt })
  t.match(await applyDecisions(mdm, { now: now + 4 * hourMs }), { applied: 1 })
  const before = await freezeDeterminants(mdm, { ...july, now: now + hourMs })
  t.equal(before.outcome, 'exists', 'as of before the answer nothing has changed')
  const after = await freezeDeterminants(mdm, { ...july, now: now + 5 * hourMs })
  t.match(after, { outcome: 'created', revision: 2, holds: first.holds.filter(({ accountId }) => accountId !== 1n) })
  t.match(await mdm.query('select energy_e4 from determinant where set_id = $1 and account_id = 1', [after.setId]), [
    // (1600 − 1000) + (4005 − 5)
    { energy_e4: 4600_0000n },
  ])
})
