import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { planInForce } from '../../../headend/plan/plan-in-force.js'
import { approvePlan, submitPlan } from '../../../headend/plan/record-plan.js'
import { insertRevisionApproval } from '../../../storage/policies/policy-revisions.js'
import { testNow, withDatabase } from '../../support/database.js'
import { createStillClock } from '../../support/still-clock.js'
import { plantApprovers } from '../../support/people.js'

const patient = { ...defaultPlan, ladder: { ...defaultPlan.ladder, backfillDays: 90 } }

await t.test('a plan counts once another person has approved it, from its own time on', async (t) => {
  const database = await withDatabase(t)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  await database.as('owner').execute(`insert into actor values ('system', 'system', 'process', now())`)
  const office = database.as('console')
  const clock = createStillClock(testNow)
  const submission = { plan: patient, author: 'lead', reason: 'longer memory', effectiveFrom: testNow + dayMs }
  const backfillAt = async (known: number, at: number) => {
    const { revision, plan } = await planInForce(database.as('headend'), known, at)
    return [revision, plan.ladder.backfillDays]
  }

  await t.test('handing it in again changes nothing', async (t) => {
    t.same(await submitPlan(office, clock, submission), { kind: 'created', revision: 1 })
    t.same(await submitPlan(office, clock, submission), { kind: 'exists', revision: 1 })
    t.same(await backfillAt(testNow, testNow + 2 * dayMs), [null, 60], 'nobody has approved it')
  })

  await t.test(
    'neither its author nor a process may approve it; the database refuses the author as well',
    async (t) => {
      await t.rejects(approvePlan(office, clock, { revision: 1, approver: 'lead' }), {
        code: 'refused',
        reason: 'four_eyes',
      })
      await t.rejects(approvePlan(office, clock, { revision: 1, approver: 'system' }), { code: 'refused' })
      await t.rejects(approvePlan(office, clock, { revision: 1, approver: 'nobody' }), { code: 'bad_usage' })
      await t.rejects(approvePlan(office, clock, { revision: 7, approver: 'head' }), { code: 'not_found' })
      await t.rejects(
        insertRevisionApproval(
          office,
          'collection_plan',
          { revision: 1, approver: 'lead', approvedAt: testNow },
          { unfit_windows: 0 },
        ),
        /may not approve it/,
      )
      await t.rejects(
        insertRevisionApproval(
          office,
          'collection_plan',
          { revision: 1, approver: 'system', approvedAt: testNow },
          { unfit_windows: 0 },
        ),
        /approved by people; system is none/,
      )
      await t.rejects(
        office.execute(`insert into collection_plan_approval values (1, 'head', 'lead', now())`),
        /may not approve it/,
        'not under another author’s name either',
      )
    },
  )

  await t.test('an approved one is in force as of when it was known and when it is effective', async (t) => {
    let now = testNow - dayMs
    // The look over the registry took a day.
    const slow = { ...clock, now: () => [now, (now = testNow)][0] ?? now }
    t.equal(await approvePlan(office, slow, { revision: 1, approver: 'head' }), true)
    t.equal(await approvePlan(office, clock, { revision: 1, approver: 'head' }), false)
    t.same(await backfillAt(testNow, testNow), [null, 60], 'not effective yet')
    t.same(await backfillAt(testNow, testNow + dayMs), [1, 90])
    t.same(await backfillAt(testNow - 1, testNow + dayMs), [null, 60], 'not known then')
  })

  await t.test('a later revision takes over, and what was in force stays on record', async (t) => {
    const later = createStillClock(testNow + 3 * dayMs)
    const next = {
      ...submission,
      plan: defaultPlan,
      author: 'head',
      reason: 'back',
      effectiveFrom: testNow + 3 * dayMs,
    }
    t.same(await submitPlan(office, later, next), { kind: 'created', revision: 2 })
    await approvePlan(office, later, { revision: 2, approver: 'lead' })
    t.same(await backfillAt(testNow + 4 * dayMs, testNow + 4 * dayMs), [2, 60])
    t.same(await backfillAt(testNow + 4 * dayMs, testNow + 2 * dayMs), [1, 90])
    await t.rejects(office.execute('update collection_plan set revision = 3'), /permission denied/)
  })
})
