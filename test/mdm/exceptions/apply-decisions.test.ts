import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import type { DecideInput } from '../../../mdm/exceptions/decide-input.js'
import { estimateMissing } from '../../../mdm/estimation/estimate-missing.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { undoDecision } from '../../../mdm/exceptions/undo-decision.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { findProofReading } from '../../../storage/billing/proof.js'
import { insertDecisionApproval, type StoredDecision } from '../../../storage/mdm/exception-decisions.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import type { TestDatabase } from '../../support/database.js'
import { midnight, registers, store, storeDue } from '../support/small-utility.js'
import { arrangeQueue, clerk, iso, openHeld, second } from '../support/queue-scene.js'

async function decide(database: TestDatabase, input: Partial<DecideInput> & Pick<DecideInput, 'action' | 'now'>) {
  const defaults = { filter: {}, reason: 'looked at it', evidence: 'photo 7', actor: clerk }
  const result = await decideExceptions(database.as('console'), { ...defaults, ...input })
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value.decision as StoredDecision
}

function readings(database: TestDatabase) {
  return database
    .as('mdm')
    .query(
      'select meter_id, revision, verdict, total_e4, source, decided_by, reason from validation_decision where read_at = $1 order by meter_id, revision',
      [iso(midnight(2))],
    )
}

t.test('an accepted value takes effect once, whoever applies it how often', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [995_00])
  const decision = await decide(database, { action: 'accept', now })
  t.match(decision, { itemCount: 1, effectE4: 5_0000n, effectFen: 300n, approvalsNeeded: 0 })
  t.equal((await readings(database)).length, 1, 'a decision alone changes nothing')
  const mdm = database.as('mdm')
  t.same(
    (await Promise.all([applyDecisions(mdm, { now }), applyDecisions(mdm, { now })])).reduce(
      (sum, one) => sum + one.applied,
      0,
    ),
    1,
  )
  t.match(await readings(database), [
    { revision: 1, verdict: 'held' },
    { revision: 2, verdict: 'accepted', total_e4: 995_0000n, source: 1, decided_by: clerk, reason: 'looked at it' },
  ])
  t.match(await openExceptions(mdm, { actor: 'system', now: now + hourMs }), { opened: 0, closed: 0, stillOpen: 0 })
  t.match(await decide(database, { action: 'accept', now }).catch(String), /nothing_to_decide/)
})

t.test('a correction waits for another person, leaves every claim as it was, and says who stands for it', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  const mdm = database.as('mdm')
  const before = await mdm.query('select * from reading order by read_at')
  const impossible = { totalE4: 1012_0000n, touE4: [null, 1_0000n, null, 2_0000n] as const }
  t.match(await decide(database, { action: 'correct', value: impossible, now }).catch(String), /value_does_not_add_up/)
  const decision = await decide(database, { action: 'correct', value: registers(1012_00), now })
  t.match(decision, { approvalsNeeded: 1, effectE4: 12_0000n })
  t.match(await applyDecisions(mdm, { now }), { applied: 0 })
  const { decisionId } = decision
  const console = database.as('console')
  await insertDecisionApproval(console, { decisionId, approver: second, approvedAt: now })
  t.match(await applyDecisions(mdm, { now }), { applied: 1 })
  t.match(await readings(database), [
    { verdict: 'held' },
    { verdict: 'accepted', total_e4: 1012_0000n, source: 7, decided_by: clerk },
  ])
  t.same(await mdm.query('select * from reading order by read_at'), before)
  t.match(await mdm.query('select origin, by_whom from decision_origin order by read_at'), [
    { origin: 'read', by_whom: null },
    { origin: 'corrected', by_whom: clerk },
  ])
  t.match(await findProofReading(database.as('reader'), 1n, 1, midnight(2), now), {
    source: 7,
    total_e4: 1012_0000n,
    response: null,
    document: 'photo 7',
    noted_by: `${clerk} + ${second}`,
  })
})

t.test(
  'one decision about many is frozen with its count and effect, and a counter decision puts all of them back',
  async (t) => {
    const database = await arrangeQueue(t)
    const now = await openHeld(database, [995_00, 990_00, 980_00])
    const mdm = database.as('mdm')
    const decision = await decide(database, { action: 'accept', filter: { rule: 'decrease', area: 'area-1' }, now })
    // The third hangs behind 50/5 transformers.
    t.match(decision, { itemCount: 3, effectE4: 215_0000n, unknownEffects: 0, approvalsNeeded: 0 })
    await applyDecisions(mdm, { now })
    t.same(await findOpenExceptions(mdm, now), [])
    const undo = { decisionId: decision.decisionId, reason: 'wrong area', actor: second, now: now + hourMs }
    t.match(await undoDecision(database.as('console'), undo), { ok: true, value: { outcome: 'created' } })
    t.match(await undoDecision(database.as('console'), undo), { ok: true, value: { outcome: 'exists' } })
    t.match(await applyDecisions(mdm, { now: now + hourMs }), { applied: 3 })
    t.match(await applyDecisions(mdm, { now: now + hourMs }), { applied: 0 })
    t.same(
      (await readings(database)).map((row) => (row as { verdict: string }).verdict),
      ['held', 'accepted', 'held', 'held', 'accepted', 'held', 'held', 'accepted', 'held'],
    )
    t.equal((await findOpenExceptions(mdm, now + hourMs)).length, 3)
    t.match(await openExceptions(mdm, { actor: 'system', now: now + hourMs }), { opened: 0, closed: 0, stillOpen: 3 })
  },
)

t.test('many small values together need a second person, as one large one does', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [995_00, 990_00, 880_00])
  t.match(await decide(database, { action: 'accept', now }), { effectE4: 1215_0000n, approvalsNeeded: 1 })
})

t.test('a decision that was overtaken by a new claim has no effect', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  const mdm = database.as('mdm')
  const decision = await decide(database, { action: 'correct', value: registers(1012_00), now })
  const later = now + hourMs
  await mdm.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, source, rules, reason, recorded_at)
     values (1, 1, $1, 2, 'accepted', 10110000, 5, '{}', '', $2)`,
    [iso(midnight(2)), iso(later)],
  )
  await openExceptions(mdm, { actor: 'system', now: later })
  const { decisionId } = decision
  await insertDecisionApproval(database.as('console'), { decisionId, approver: second, approvedAt: later })
  t.match(await applyDecisions(mdm, { now: later }), { applied: 0, superseded: 1 })
  t.equal((await readings(database)).length, 2)
})

t.test('an estimate that is asked for stays one, and never begins or ends a bill', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  await store(database, [
    { meterId: 1n, readAt: midnight(3), registers: registers(1020_00) },
    { meterId: 2n, readAt: midnight(1), registers: registers(900_00) },
  ])
  const mdm = database.as('mdm')
  await mdm.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou2_e4, tou4_e4, source, rules, reason, recorded_at)
     values (1, 1, $1, 1, 'accepted', 10200000, 6120000, 4080000, 1, '{}', '', $1), (2, 1, $2, 1, 'held', null, null, null, null, '{spike}', 'x', $2)`,
    [iso(midnight(3)), iso(midnight(1))],
  )
  await openExceptions(mdm, { actor: 'system', now })
  await decide(database, { action: 'estimate', now })
  t.match(await applyDecisions(mdm, { now }), { applied: 1, notEstimable: 1 })
  t.match((await readings(database))[1], {
    verdict: 'estimated',
    total_e4: 1010_0000n,
    source: null,
    decided_by: clerk,
  })
  const [estimate] = await mdm.query('select * from estimate')
  t.match(estimate, {
    revision: 2,
    method: 'interpolation',
    before_at: midnight(1),
    after_at: midnight(3),
    policy_version: 'built-in/1',
  })
  const { low_e4, high_e4 } = estimate as { low_e4: bigint; high_e4: bigint }
  t.ok(low_e4 >= 1000_0000n && low_e4 < 1010_0000n && high_e4 > 1010_0000n && high_e4 <= 1020_0000n)
  t.match(await findOpenExceptions(mdm, now), [{ meterCode: 'meter-2' }])
  t.match(await mdm.query(`select detail from exception_effect where outcome = 'not_estimable'`), [
    { detail: 'billing_boundary' },
  ])
})

t.test('a visit is ordered once, called off with the decision, and wanted anew when asked again', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  const mdm = database.as('mdm')
  const decision = await decide(database, { action: 'field_order', now })
  await applyDecisions(mdm, { now })
  const [one] = await findOpenExceptions(mdm, now)
  t.match(await mdm.query('select field_order_id, cause from field_order'), [
    { field_order_id: one?.fieldOrderId, cause: 'held_reading' },
  ])
  await decide(database, { action: 'field_order', reason: 'again', now: now + 1 })
  await applyDecisions(mdm, { now: now + 1 })
  t.equal((await mdm.query('select from field_order')).length, 1, 'a visit that is to be made is not ordered again')
  await undoDecision(database.as('console'), {
    decisionId: decision.decisionId,
    reason: 'no',
    actor: clerk,
    now: now + 2,
  })
  await applyDecisions(mdm, { now: now + 2 })
  t.match(await mdm.query('select outcome, actor_id from field_order_result'), [
    { outcome: 'cancelled', actor_id: clerk },
  ])
  await decide(database, { action: 'field_order', reason: 'after all', now: now + 3 })
  await applyDecisions(mdm, { now: now + 3 })
  t.equal((await mdm.query('select from field_order')).length, 2)
})

t.test('what is held until a date or refused stays open and says so', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  const mdm = database.as('mdm')
  await decide(database, { action: 'hold', holdUntil: now + 24 * hourMs, now })
  await decide(database, { action: 'hold', holdUntil: now + 24 * hourMs, now }).then(
    () => t.fail('two decisions wait'),
    (error: unknown) => t.match(String(error), /waits_for_approval/),
  )
  await applyDecisions(mdm, { now })
  t.match(await findOpenExceptions(mdm, now), [{ holdUntil: now + 24 * hourMs, rejected: false }])
  await decide(database, { action: 'reject', now })
  await applyDecisions(mdm, { now })
  t.match(await findOpenExceptions(mdm, now), [{ rejected: true }])
  t.equal((await readings(database)).length, 1)
})

t.test(
  'an estimate that was asked for is estimated anew when a reading comes beside it, in the name of who asked',
  async (t) => {
    const database = await arrangeQueue(t)
    const now = await openHeld(database, [900_00])
    const mdm = database.as('mdm')
    const accept = (day: number, total: number) =>
      mdm.execute(
        `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou2_e4, tou4_e4, source, rules, reason, recorded_at)
       values (1, 1, $1, 1, 'accepted', $2, $3, $4, 1, '{}', '', $1)`,
        [iso(midnight(day)), total * 10_000, total * 6000, total * 4000],
      )
    await accept(6, 1100)
    await storeDue(database, [{ meterId: 1n, readAt: midnight(2) }])
    await decide(database, { action: 'estimate', now })
    t.match(await applyDecisions(mdm, { now }), { applied: 1 })
    t.match((await readings(database))[1], { verdict: 'estimated', total_e4: 1020_0000n })
    await accept(3, 1010)
    const later = midnight(9)
    await estimateMissing(mdm, { from: midnight(1), to: midnight(8), now: later })
    const anew = { revision: 3, verdict: 'estimated', total_e4: 1005_0000n, decided_by: clerk }
    t.match((await readings(database))[2], anew)
    await runValidation(mdm, { from: midnight(1), to: midnight(8), now: later })
    t.match((await readings(database)).at(-1), anew, 'the refused claim does not come back')
  },
)

t.test('who asks for an estimate is held to the policy: nothing goes on for longer than it allows', async (t) => {
  const database = await arrangeQueue(t)
  await openHeld(database, [900_00])
  await store(database, [{ meterId: 1n, readAt: midnight(20), registers: registers(950_00) }])
  const mdm = database.as('mdm')
  const now = midnight(20) + hourMs
  await runValidation(mdm, { from: midnight(20), to: midnight(21), now })
  await openExceptions(mdm, { actor: 'system', now })
  const late = await findOpenExceptions(mdm, now)
  const keys = late.filter(({ readAt }) => readAt === midnight(20)).map(({ exceptionKey }) => exceptionKey)
  await decide(database, { action: 'estimate', filter: { keys }, now })
  t.match(await applyDecisions(mdm, { now }), { applied: 0, notEstimable: 1 })
  t.match(await mdm.query('select detail from exception_effect'), [{ detail: 'estimated_too_long' }])
})

t.test('the database takes no approval that has not seen why, and no fall that no rule was asked about', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  const value = registers(950_00)
  t.match(await decide(database, { action: 'correct', value, now }).catch(String), /value_needs_override/)
  const { decisionId } = await decide(database, { action: 'correct', value, overrideCode: 'meter_faulty', now })
  const approval = { decisionId, approver: second, approvedAt: now }
  await t.rejects(insertDecisionApproval(database.as('console'), approval), /override code/)
  await insertDecisionApproval(database.as('console'), { ...approval, overrideCode: 'meter_faulty' })
  t.match(await applyDecisions(database.as('mdm'), { now }), { applied: 1 })
  const [row] = await database.as('mdm').query(`select rules from validation_decision where source = 7`)
  t.match(row, { rules: ['decrease'] })
  const console = database.as('console')
  await t.rejects(
    console.execute(
      `insert into exception_decision_item (decision_id, exception_key, action, seen_ordinal, total_e4, source)
       select '00000000-0000-8000-8000-000000000001', exception_key, 'correct', 1, 1, 7 from exception`,
    ),
    /no rule was asked/,
  )
})
