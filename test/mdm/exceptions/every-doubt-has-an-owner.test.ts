import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { estimateMissing } from '../../../mdm/estimation/estimate-missing.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import { nextAction } from '../../../mdm/exceptions/next-action.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { undoDecision } from '../../../mdm/exceptions/undo-decision.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { insertDecisionApproval, listDecisions } from '../../../storage/mdm/exception-decisions.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import type { TestDatabase } from '../../support/database.js'
import { midnight, registers, store, storeDue } from '../support/small-utility.js'
import { arrangeQueue, clerk, second } from '../support/queue-scene.js'

const meters = [1n, 2n, 3n] as const
const days = 9
const actions = ['accept', 'estimate', 'hold', 'field_order', 'reject'] as const

/** What the field and people do on one day, by the seed: values that are missing, wrong or disputed, decisions, approvals, undone ones. */
async function liveADay(database: TestDatabase, seed: number, day: number): Promise<Instant> {
  const random = createSeededRandom(seed)
  const [mdm, console] = [database.as('mdm'), database.as('console')]
  const readAt = midnight(day)
  const now = readAt + 8 * hourMs
  await storeDue(
    database,
    meters.map((meterId) => ({ meterId, readAt })),
  )
  for (const meterId of meters) {
    const chance = random.below(100, 'value', day, Number(meterId))
    const total = 1000_00 + day * 10_00
    const value = chance < 20 ? total - 500_00 : chance < 30 ? total * 90 : total
    if (chance < 85) await store(database, [{ meterId, readAt, registers: registers(value) }])
    if (chance >= 70 && chance < 80)
      await store(database, [{ meterId, readAt, registers: registers(value + 1_00), claim: true }])
  }
  await runValidation(mdm, { from: midnight(1), to: now, now })
  await estimateMissing(mdm, { from: midnight(1), to: now, now })
  if (day % 3 === 0)
    await freezeDeterminants(mdm, { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(day), now })
  await openExceptions(mdm, { actor: 'system', now })
  for (const [index, { exceptionKey }] of (await findOpenExceptions(mdm, now)).entries()) {
    if (random.below(100, 'decides', day, index) >= 40) continue
    const action = actions[random.below(actions.length, 'action', day, index)] ?? 'hold'
    await decideExceptions(console, {
      filter: { keys: [exceptionKey] },
      action,
      reason: `day ${day}`,
      evidence: 'sheet',
      actor: clerk,
      now,
      ...(action === 'hold' ? { holdUntil: now + dayMs } : {}),
    })
  }
  for (const [index, { decisionId, action }] of (
    await listDecisions(console, { waiting: false, limit: 100 })
  ).entries()) {
    const chance = random.below(100, 'second', day, index)
    if (chance < 50 && action !== 'undo')
      await insertDecisionApproval(console, { decisionId, approver: second, approvedAt: now })
    if (chance >= 90) await undoDecision(console, { decisionId, reason: 'undone', actor: clerk, now })
  }
  await applyDecisions(mdm, { now: now + 1 })
  await openExceptions(mdm, { actor: 'system', now: now + 2 })
  return now + 2
}

for (const seed of [1, 2, 3])
  t.test(`whatever happens, what is held has an owner, an age and a next action (seed ${seed})`, async (t) => {
    const database = await arrangeQueue(t)
    const mdm = database.as('mdm')
    let held = 0
    for (let day = 1; day <= days; day++) {
      const now = await liveADay(database, seed, day)
      const open = await findOpenExceptions(mdm, now)
      const keys = await mdm.query<{ meter_id: bigint; read_at: Instant }>(
        `select meter_id, read_at from validated_reading where verdict = 'held'`,
      )
      const bills = await mdm.query<{ code: string }>(
        `select a.code from determinant_hold h join account a using (account_id)
          where h.set_id = (select max(set_id) from determinant_set)
            and not exists (select from determinant_hold_release r where r.account_id = h.account_id and r.code = h.code)`,
      )
      held += keys.length + bills.length
      const ownerless = keys.filter(
        ({ meter_id, read_at }) =>
          !open.some((one) => one.kind === 'held_reading' && one.meterId === meter_id && one.readAt === read_at),
      )
      t.same(ownerless, [], `day ${day}: every held reading is in the queue`)
      const unowned = bills.filter(
        ({ code }) => !open.some((one) => one.kind === 'determinant_hold' && one.accountCode === code),
      )
      t.same(unowned, [], `day ${day}: every held bill is in the queue`)
      t.same(
        open.filter(
          (one) => (one.crewCode ?? one.manager) === null || one.openedAt > now || nextAction(one, now) === undefined,
        ),
        [],
      )
      t.same(
        await mdm.query(`select from exception_now where event = 'opened' group by exception_key having count(*) > 1`),
        [],
      )
    }
    t.ok(held > 10, `${held} held readings and bills looked at`)
    // A correction or an estimate never becomes a reading of the meter.
    t.same(
      await mdm.query(
        `select v.* from validation_decision v where v.decided_by is not null and v.verdict = 'accepted' and v.source <> 7
            and not exists (select from reading_claims c where (c.meter_id, c.quantity, c.read_at, c.total_e4) = (v.meter_id, v.quantity, v.read_at, v.total_e4))`,
      ),
      [],
    )
  })
