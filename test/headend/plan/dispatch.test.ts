import t from 'tap'
import { dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { dispatch } from '../../../headend/plan/dispatch.js'
import type { CollectionPlan } from '../../../headend/plan/plan-document.js'
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

await t.test('months are wanted at reading moments of accounts, curves for closed days, each once', async (t) => {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  const serial = { host: 'h', port: 1, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
  await plantRegistry(owner, [
    { lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: serial, meters: [1, 2] },
    { lineId: 2, code: 'old', kind: 'dlt645_tcp', settings: serial, meters: [3], model: 'of-1997' },
    { lineId: 3, code: 'gateway', kind: 'modbus_tcp', settings: { host: 'h', port: 2 }, meters: [4] },
  ])
  await owner.execute(`insert into customer values (1, 'c', 'c', 'residential', false)`)
  for (const point of [1, 3]) {
    await owner.execute('insert into account values ($1, 1, $2, 1)', [point, `a${point}`])
    await owner.execute(
      `insert into agreement_timeline values ($1, 1, '2026-06-01 00:00+08', null, $1, 't', '2026-01-01', '2026-06-01', 'system', '')`,
      [point],
    )
  }
  const window = { opensMinutes: 60, closesMinutes: 120, passesMinutes: [60] }
  const plan: CollectionPlan = {
    ...defaultPlan,
    templates: [
      { name: 'months', reads: 'monthly_set' },
      { name: 'curves', reads: 'curve', curve: 'load_energy' },
    ],
    groups: [{ name: 'all' }],
    schedules: [
      {
        name: 'months',
        template: 'months',
        group: 'all',
        every: { unit: 'month', onDay: 1 },
        window,
        catchUp: true,
      },
      { name: 'curves', template: 'curves', group: 'all', every: { unit: 'day' }, window, catchUp: true },
    ],
    models: { 'of-1997': { edition: '1997' } },
  }
  const fire = (now: number) =>
    dispatch({ database: databases.as('headend'), clock: createStillClock(now) }, { revision: null, plan })
  const laid = () =>
    owner.query<{ readonly point: string }>(
      `select template || ' ' || meter_id || ' ' || to_char(read_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as point
         from due_read where template <> 'daily_freeze' order by 1`,
    )

  await fire(firstMidnight + minuteMs)
  const first = [
    'curve_day 1 07-01 00:00',
    'curve_day 2 07-01 00:00',
    'monthly_set 1 07-01 00:00',
    'monthly_set 3 07-01 00:00',
  ]
  t.same(
    (await laid()).map(({ point }) => point),
    first,
  )
  await fire(firstMidnight + 2 * minuteMs)
  t.equal((await laid()).length, 4, 'nothing new')
  await fire(firstMidnight + 2 * dayMs + minuteMs)
  t.same(
    (await laid()).map(({ point }) => point).filter((point) => !first.includes(point)),
    ['curve_day 1 07-02 00:00', 'curve_day 1 07-03 00:00', 'curve_day 2 07-02 00:00', 'curve_day 2 07-03 00:00'],
    'the day on which no node ran, too',
  )
})
