import t from 'tap'
import { dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { dispatch } from '../../../headend/plan/dispatch.js'
import { withDatabase } from '../../support/database.js'
import { firstMidnight, plantRegistry } from '../../support/field-world.js'
import { createStillClock } from '../../support/still-clock.js'

const builtIn = { revision: null, plan: defaultPlan }

await t.test('each due instant is taken up once, and what was missed is made up for', async (t) => {
  const databases = await withDatabase(t)
  const endpoint = { host: 'h', port: 1 }
  const serial = { ...endpoint, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
  await plantRegistry(databases.as('owner'), [
    { lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: serial, meters: [1, 2] },
    { lineId: 2, code: 'gateway', kind: 'modbus_tcp', settings: endpoint, meters: [3] },
    { lineId: 3, code: 'bare', kind: 'dlt645_tcp', settings: serial, meters: [] },
  ])
  const database = databases.as('headend')
  const fire = async (now: number) =>
    (await dispatch({ database, clock: createStillClock(now) }, builtIn)).map(({ schedule, dueAt, laid, windows }) =>
      [schedule, (dueAt - firstMidnight) / dayMs, laid, windows].join(' '),
    )
  const windows = async () =>
    (
      await database.query<{ readonly key: string }>(
        `select natural_key || ' ' || to_char(due_at at time zone 'Asia/Shanghai', 'HH24:MI') as key from work_item order by 1`,
      )
    ).map(({ key }) => key)

  t.same(await fire(firstMidnight + minuteMs), [
    'freezes-of-buses 0 3 1',
    'registers-of-gateways 0 0 1',
    'uploads-of-concentrators 0 0 0',
  ])
  t.same(await windows(), [
    'freezes-of-buses/bus/2026-06-30T16:00:00.000Z 00:05',
    'registers-of-gateways/gateway/2026-06-30T16:00:00.000Z 00:00',
  ])
  t.same(await fire(firstMidnight + 2 * minuteMs), [], 'nothing new')

  await t.test(
    'after three days without a node the days are wanted, the last one gets a window, the live one is over',
    async (t) => {
      t.same(await fire(firstMidnight + 3 * dayMs + 8 * hourMs), [
        'freezes-of-buses 3 9 1',
        'registers-of-gateways 3 0 0',
        'uploads-of-concentrators 3 0 0',
      ])
      t.equal((await windows()).length, 3)
    },
  )
})
