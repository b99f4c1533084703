import t from 'tap'
import { dayMs, hourMs } from '../../../domain/time.js'
import { defaultAccountSettings } from '../../../headend/accounting/account-settings.js'
import { defaultPrecedence } from '../../../headend/accounting/classify-cause.js'
import { accountSettingsAt, settingsOfPlan } from '../../../headend/accounting/settings-of-plan.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { approvePlan, submitPlan } from '../../../headend/plan/record-plan.js'
import { createStillClock } from '../../support/still-clock.js'
import { testNow, withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'

await t.test('a plan that equals the built-in one gives the built-in settings, under its own name', async (t) => {
  const { ladder, precedence, newMeterMs } = settingsOfPlan({ revision: 3, plan: defaultPlan })
  t.same(
    {
      newMeterMs,
      ladder: { ...ladder, version: defaultAccountSettings.ladder.version },
      precedence: { ...precedence, version: defaultPrecedence.version },
    },
    defaultAccountSettings,
  )
  t.equal(ladder.version, 'plan/3')
})

await t.test('causes that a plan does not name come behind those it does', async (t) => {
  const { precedence } = settingsOfPlan({ revision: 1, plan: { ...defaultPlan, causes: ['meter_silent', 'refused'] } })
  t.same(precedence.order.slice(0, 4), ['meter_silent', 'refused', 'window_running', 'not_in_service'])
  t.same([...precedence.order].toSorted(), [...defaultPrecedence.order].toSorted())
})

await t.test('an account of the past is told with the plan of then', async (t) => {
  const database = await withDatabase(t)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const ladder = { ...defaultPlan.ladder, fieldOrderAfterWindows: 5, estimateAfterHours: 100 }
  const submission = { plan: { ...defaultPlan, ladder }, author: 'lead', reason: 'test', effectiveFrom: testNow }
  const clock = createStillClock(testNow)
  const { revision } = await submitPlan(database.as('console'), clock, submission)
  await approvePlan(database.as('console'), clock, { revision, approver: 'head' })
  const reader = database.as('reader')
  t.same(await accountSettingsAt(reader, testNow - dayMs), defaultAccountSettings)
  t.match(await accountSettingsAt(reader, testNow + 1), {
    ladder: { version: `plan/${revision}`, fieldOrderWindows: 5, estimateMs: 100 * hourMs, fieldOrderMs: dayMs },
  })
})
