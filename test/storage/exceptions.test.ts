import t from 'tap'
import { insertRevision } from '../../storage/policies/policy-revisions.js'
import { uuidOf } from '../../domain/ids.js'
import { applyDecisions } from '../../mdm/exceptions/apply-decisions.js'
import { insertDecisionApproval } from '../../storage/mdm/exception-decisions.js'
import { findOpenExceptions } from '../../storage/mdm/open-exceptions.js'
import { arrangeQueue, clerk, iso, openHeld, second } from '../mdm/support/queue-scene.js'
import { midnight } from '../mdm/support/small-utility.js'

const decisionId = uuidOf('exception_decision', 'by SQL')

/** What somebody can try who has a process's login and goes around the programs. */
async function arrange(t: { readonly teardown: (act: () => Promise<void>) => void }) {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00])
  const [mdm, console] = [database.as('mdm'), database.as('console')]
  const key = (await findOpenExceptions(mdm, now))[0]?.exceptionKey ?? ''
  const item = (action: string, totalE4: number | null, source: number | null) =>
    console.execute(
      `insert into exception_decision_item (decision_id, exception_key, action, seen_ordinal, seen_revision, total_e4, source, effect_e4, effect_fen)
       values ($1, $2, $3, 1, 1, $4, $5, 0, 0)`,
      [decisionId, key, action, totalE4, source],
    )
  const head = (action: string, count = 1) =>
    console.execute(
      `insert into exception_decision (decision_id, action, reason, evidence, selection, item_count, effect_e4, effect_fen, unknown_effects,
                                       approvals_needed, policy_revision, actor_id, recorded_at)
       values ($1, $2, 'r', 'e', 's', $3, 0, 0, 0, 0, 1, $4, $5)`,
      [decisionId, action, count, clerk, iso(now)],
    )
  const effect = () =>
    mdm.execute(
      `insert into exception_effect (decision_id, exception_key, outcome, validation_revision, detail, recorded_at) values ($1, $2, 'applied', 2, '', $3)`,
      [decisionId, key, iso(now)],
    )
  const reading = (totalE4: number, source: number, decidedBy: string | null, verdict = 'accepted') =>
    mdm.execute(
      `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, source, rules, reason, recorded_at, decided_by)
       values (1, 1, $1, 2, $2, $3, $4, '{}', '', $5, $6)`,
      [iso(midnight(2)), verdict, totalE4, source, iso(now), decidedBy],
    )
  return { database, now, mdm, console, key, item, head, effect, reading }
}

await t.test('nobody stands for a value without a decision, and no correction goes without somebody', async (t) => {
  const { reading } = await arrange(t)
  await t.rejects(reading(10_120_000, 7, null), /corrected_by_somebody/)
  await t.rejects(reading(10_120_000, 7, clerk), /has decided nothing of the kind/)
  await t.rejects(reading(9_000_000, 1, clerk), /has decided nothing of the kind/)
})

await t.test('the database itself says what a decision changes and who must approve it', async (t) => {
  const { item, head, effect, reading, console, key, now, mdm } = await arrange(t)
  await t.rejects(item('accept', 10_120_000, 1), /no claim of .* says what is to be accepted/)
  await t.rejects(item('correct', 10_120_000, 5), /check constraint/)
  await t.rejects(head('correct'), /does not hold its 1 exceptions/)
  t.equal(await item('correct', 10_120_000, 7), 1)
  await t.rejects(head('accept'), /does not hold its 1 exceptions/)
  t.equal(await head('correct'), 1)
  t.match(await console.query('select effect_e4, approvals_needed from exception_decision'), [
    { effect_e4: 12_0000n, approvals_needed: 1 },
  ])
  await t.rejects(item('correct', 10_120_000, 7), /closed takes no further exceptions|duplicate key/)
  await t.rejects(effect(), /has 0 of 1 approvals/)
  for (const [who, says] of [
    [clerk, /violates check constraint|that takes another person/],
    ['system', /approved by people; system is none/],
    ['manager-1', /nobody has given them the right/],
  ] as const)
    await t.rejects(insertDecisionApproval(console, { decisionId, approver: who, approvedAt: now }), says, who)
  await t.rejects(insertDecisionApproval(mdm, { decisionId, approver: second, approvedAt: now }), /permission denied/)
  t.equal(await insertDecisionApproval(console, { decisionId, approver: second, approvedAt: now }), 1)
  t.equal(await effect(), 1)
  await t.rejects(reading(10_130_000, 7, clerk), /has decided nothing of the kind/, 'another value')
  await t.rejects(reading(10_120_000, 7, second), /has decided nothing of the kind/, 'another name')
  await t.rejects(effect(), /duplicate key/)
  t.equal(await reading(10_120_000, 7, clerk), 1)
  t.ok(key)
})

await t.test('an estimate that was decided is never written down as a reading', async (t) => {
  const { item, head, effect, reading } = await arrange(t)
  await item('estimate', null, null)
  await head('estimate')
  await effect()
  await t.rejects(reading(10_120_000, 1, clerk), /has decided nothing of the kind/)
  t.equal(await reading(10_120_000, 1, clerk, 'estimated'), 1)
})

await t.test('processes write what is theirs alone, and nobody changes a fact', async (t) => {
  const { mdm, console, database } = await arrange(t)
  await t.rejects(mdm.execute('insert into exception_decision select * from exception_decision'), /permission denied/)
  await t.rejects(console.execute('insert into exception_effect select * from exception_effect'), /permission denied/)
  await t.rejects(console.execute('insert into exception_event select * from exception_event'), /permission denied/)
  await t.rejects(
    console.execute('insert into validation_decision select * from validation_decision'),
    /permission denied/,
  )
  for (const role of ['mdm', 'console', 'billing', 'headend', 'dunning'] as const)
    for (const table of ['exception', 'exception_event', 'exception_decision', 'exception_effect', 'money_at_risk'])
      await t.rejects(database.as(role).execute(`delete from ${table}`), /permission denied/, `${role} ${table}`)
  t.match(await applyDecisions(mdm, { now: midnight(3) }), { applied: 0 })
})

await t.test('a policy counts once another person has approved it, and no policy lets a correction pass', async (t) => {
  const { console, now, item, head } = await arrange(t)
  const document = await console.query<{ document: object }>('select document from exception_policy where revision = 1')
  const loose = { ...document[0]?.document, version: 'loose/1', approvals: [] }
  const revision = { document: loose, sha256: Buffer.alloc(32), author: clerk, reason: 'r' }
  await console.transaction((tx) =>
    insertRevision(tx, 'exception_policy', { ...revision, recordedAt: now, effectiveFrom: now }),
  )
  const inForce = () => console.query('select revision from exception_policy_as_of($1)', [iso(now)])
  t.match(await inForce(), [{ revision: 1 }])
  const approve = (who: string) =>
    console.execute('insert into exception_policy_approval values (2, $1, $2, $3)', [clerk, who, iso(now)])
  await t.rejects(approve(clerk), /check constraint|another person/)
  await approve(second)
  t.match(await inForce(), [{ revision: 2 }])
  await item('correct', 10_120_000, 7)
  await head('correct')
  t.match(await console.query('select approvals_needed, policy_revision from exception_decision'), [
    { approvals_needed: 1, policy_revision: 2 },
  ])
})
