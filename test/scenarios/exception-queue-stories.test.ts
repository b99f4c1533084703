import t from 'tap'
import { dayMs } from '../../domain/time.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { applyDecisions } from '../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../mdm/exceptions/decide-exceptions.js'
import { loadEvidence } from '../../mdm/exceptions/load-evidence.js'
import { openExceptions } from '../../mdm/exceptions/open-exceptions.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import { writeMoneyAtRisk } from '../../storage/billing/money-at-risk.js'
import { insertDecisionApproval } from '../../storage/mdm/exception-decisions.js'
import { findOpenExceptions } from '../../storage/mdm/open-exceptions.js'
import { exchange } from '../mdm/support/changes.js'
import { arrangeQueue, clerk, iso, openHeld, second } from '../mdm/support/queue-scene.js'
import { midnight, registers, store, storeDue } from '../mdm/support/small-utility.js'

const decision = { reason: 'looked at it', evidence: 'sheet 4', actor: clerk } as const

t.test('story 4: nobody recodes an unread meter as read; a value entered by hand takes two and shows', async (t) => {
  const database = await arrangeQueue(t)
  const [mdm, console] = [database.as('mdm'), database.as('console')]
  await storeDue(database, [{ meterId: 1n, readAt: midnight(5) }])
  await store(database, [
    { meterId: 1n, readAt: midnight(4), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(6), registers: registers(1020_00) },
  ])
  await runValidation(mdm, { from: midnight(4), to: midnight(7), now: midnight(8) })
  const now = midnight(9)
  t.match(await openExceptions(mdm, { actor: 'system', now }), { opened: 1 })
  const refused = await decideExceptions(console, { ...decision, filter: {}, action: 'accept', now })
  t.match(refused, { ok: false, error: { leftOut: [{ kind: 'action_not_for_kind' }] } }, 'there is nothing to accept')
  const byHand = { ...decision, filter: {}, action: 'correct', value: registers(1011_00), now } as const
  const entered = await decideExceptions(console, byHand)
  t.match(entered, { ok: true, value: { decision: { approvalsNeeded: 1 } } })
  await applyDecisions(mdm, { now })
  t.same(await mdm.query('select from validated_reading where read_at = $1', [iso(midnight(5))]), [])
  const decisionId = entered.ok ? (entered.value.decision?.decisionId ?? '') : ''
  await insertDecisionApproval(console, { decisionId, approver: second, approvedAt: now })
  t.match(await applyDecisions(mdm, { now }), { applied: 1 })
  t.match(await mdm.query('select origin, by_whom from decision_origin where read_at = $1', [iso(midnight(5))]), [
    { origin: 'corrected', by_whom: clerk },
  ])
  t.same(await mdm.query('select from reading where read_at = $1', [iso(midnight(5))]), [], 'no reading was made up')
})

t.test('story 8: a load that has stood at zero is looked at once a month, and somebody goes there', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const zero = async (day: number) => {
    await store(database, [{ meterId: 2n, readAt: midnight(day), registers: registers(500_00) }])
    await mdm.execute(
      `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou2_e4, tou4_e4, source, rules, reason, recorded_at)
       values (2, 1, $1, 1, 'accepted', 5000000, 3000000, 2000000, 1, '{zero_run}', 'zero for 62 days', $1)`,
      [iso(midnight(day))],
    )
  }
  for (const day of [10, 11, 12]) await zero(day)
  t.match(await openExceptions(mdm, { actor: 'system', now: midnight(13) }), { opened: 1 })
  const [one] = await findOpenExceptions(mdm, midnight(13))
  t.match(one, { kind: 'doubtful_reading', rules: ['zero_run'], manager: 'manager-1' })
  if (one === undefined) return
  t.match((await loadEvidence(mdm, one, midnight(13))).suggestion, { action: 'field_order' })
  const visit = { ...decision, filter: {}, action: 'field_order', now: midnight(13) } as const
  await decideExceptions(database.as('console'), visit)
  await applyDecisions(mdm, { now: midnight(13) })
  t.match(await mdm.query('select meter_id, cause from field_order'), [{ meter_id: 2n, cause: 'doubtful_reading' }])
  await zero(34)
  t.match(
    await openExceptions(mdm, { actor: 'system', now: midnight(35) }),
    { opened: 1 },
    'the next month is looked at again',
  )
})

t.test('story 9: a bill that is held after an exchange is released by two people, or not at all', async (t) => {
  const database = await arrangeQueue(t)
  const [mdm, console] = [database.as('mdm'), database.as('console')]
  await store(database, [{ meterId: 1n, readAt: midnight(1), registers: registers(1000_00) }])
  await applyRegistryChange(mdm, exchange(), { actor: 'system', recordedAt: midnight(19) })
  await store(database, [{ meterId: 4n, readAt: midnight(32), registers: registers(6205_00) }])
  const now = midnight(34)
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  await freezeDeterminants(mdm, { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32), now })
  await openExceptions(mdm, { actor: 'system', now })
  const held = { rule: 'usage_unlike_history' }
  t.match(await findOpenExceptions(mdm, now, held), [{ kind: 'determinant_hold', accountCode: 'account-1' }])
  const others = await decideExceptions(console, {
    ...decision,
    filter: { rule: 'boundary_missing' },
    action: 'accept',
    now,
  })
  t.match(others, { ok: false }, 'nobody answers for a quantity that is not known')
  const accepted = await decideExceptions(console, { ...decision, filter: held, action: 'accept', now })
  t.match(
    accepted,
    { ok: true, value: { decision: { approvalsNeeded: 1, unknownEffects: 1 } } },
    'nobody knows how much',
  )
  t.same(await mdm.query('select from determinant_hold_release'), [])
  const decisionId = accepted.ok ? (accepted.value.decision?.decisionId ?? '') : ''
  await insertDecisionApproval(console, { decisionId, approver: second, approvedAt: now })
  await applyDecisions(mdm, { now })
  t.match(await mdm.query('select account_id, code, actor_id from determinant_hold_release'), [
    { account_id: 1n, code: 'usage_unlike_history', actor_id: clerk },
  ])
  await openExceptions(mdm, { actor: 'system', now: now + dayMs })
  t.same(await findOpenExceptions(mdm, now + dayMs, held), [], 'what two people accepted is not asked again')
})

t.test(
  'the month’s end that an exchange recorded late left unread is in the queue, and a visit brings it',
  async (t) => {
    const database = await arrangeQueue(t)
    const [mdm, console] = [database.as('mdm'), database.as('console')]
    await store(database, [{ meterId: 1n, readAt: midnight(1), registers: registers(1000_00) }])
    await applyRegistryChange(mdm, exchange(), { actor: 'system', recordedAt: midnight(33) })
    const now = midnight(36)
    const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32) }
    await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
    await freezeDeterminants(mdm, { ...july, now })
    await openExceptions(mdm, { actor: 'system', now })
    const wanted = { kind: 'missing_reading' }
    const ofNewMeter = async () => {
      const open = await findOpenExceptions(mdm, now, wanted)
      return open.filter(({ meterId }) => meterId === 4n).map(({ readAt }) => readAt)
    }
    t.same(await ofNewMeter(), [midnight(32)], 'nobody laid down a due point of the new meter')
    t.same(await mdm.query('select from due_read where meter_id = 4'), [])
    await openExceptions(mdm, { actor: 'system', now: now + 1 })
    t.same(await ofNewMeter(), [midnight(32)], 'it stays while the account is held')
    await decideExceptions(console, { ...decision, filter: wanted, action: 'field_order', now })
    await applyDecisions(mdm, { now })
    t.match(await mdm.query('select read_at from field_order where meter_id = 4'), [{ read_at: midnight(32) }])
    await store(database, [{ meterId: 4n, readAt: midnight(32), registers: registers(6205_00) }])
    await openExceptions(mdm, { actor: 'system', now: now + 2 })
    t.same(await ofNewMeter(), [], 'once it is read it is gone')
  },
)

t.test('what billing expects of an account ranks its doubts', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [995_00, 990_00])
  await database
    .as('billing')
    .execute(`insert into money_at_risk values (2, $1, 1, 60000000, 90000000, $1)`, [iso(midnight(1))])
  t.match(await findOpenExceptions(database.as('reader'), now), [
    { meterCode: 'meter-1', priceE8: null },
    { meterCode: 'meter-2', priceE8: 60000000n, expectedEnergyE4: 9000_0000n },
  ])
  await t.rejects(
    database.as('mdm').execute(`insert into money_at_risk values (2, $1, 2, 1, 1, $1)`, [iso(midnight(1))]),
    /permission denied/,
  )
  t.equal(await writeMoneyAtRisk(database.as('billing'), { now, bills: 3 }), 0, 'without bills nothing is expected')
})
