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
        every: { unit: 'reading_day' },
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

await t.test(
  'monthly sets and their windows come on the reading days of the registry, late paper included',
  async (t) => {
    const databases = await withDatabase(t)
    const owner = databases.as('owner')
    const serial = { host: 'h', port: 1, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
    await plantRegistry(owner, [
      { lineId: 1, code: 'early', kind: 'dlt645_tcp', settings: serial, meters: [1] },
      { lineId: 2, code: 'late', kind: 'dlt645_tcp', settings: serial, meters: [2] },
    ])
    await owner.execute(`insert into customer values (1, 'c', 'c', 'residential', false)`)
    for (const point of [1, 2]) {
      await owner.execute('insert into account values ($1, 1, $2, 1)', [point, `a${point}`])
      await owner.execute(
        `insert into agreement_timeline values ($1, 1, '2026-06-01 00:00+08', null, $1, 't', '2026-01-01', '2026-06-01', 'system', '')`,
        [point],
      )
    }
    await owner.execute(
      `insert into reading_day_timeline values (2, 1, '2026-06-01 00:00+08', null, 25, '2026-06-01', 'system', '')`,
    )
    const window = { opensMinutes: 60, closesMinutes: 120, passesMinutes: [60] }
    const every = { unit: 'reading_day' } as const
    const plan: CollectionPlan = {
      ...defaultPlan,
      templates: [
        { name: 'months', reads: 'monthly_set' },
        { name: 'curves', reads: 'curve', curve: 'load_energy' },
      ],
      groups: [{ name: 'all' }],
      schedules: [
        { name: 'months', template: 'months', group: 'all', every, window, catchUp: true },
        { name: 'curves', template: 'curves', group: 'all', every: { unit: 'day' }, window, catchUp: true },
      ],
    }
    const day = (days: number) => firstMidnight + days * dayMs + minuteMs
    const fire = (days: number) =>
      dispatch({ database: databases.as('headend'), clock: createStillClock(day(days)) }, { revision: null, plan })
    const points = async (template: string) =>
      (
        await owner.query<{ readonly point: string }>(
          `select meter_id || ' ' || to_char(read_at at time zone 'Asia/Shanghai', 'MM-DD') as point
           from due_read where template = $1 order by 1`,
          [template],
        )
      ).map(({ point }) => point)
    const windows = async () =>
      (
        await owner.query<{ readonly key: string }>(
          `select natural_key as key from work_item where natural_key like 'months/%' order by 1`,
        )
      ).map(({ key }) => key)

    for (const days of [0, 1, 23, 24]) await fire(days)
    t.same(await points('monthly_set'), ['1 07-01', '2 07-25'])
    t.same(await windows(), ['months/early/2026-06-30T16:00:00.000Z', 'months/late/2026-07-24T16:00:00.000Z'])

    // On 24 July at 10:00 meter 3 took the place of meter 2; the sheet comes on the 26th.
    await owner.execute(`insert into meter values (3, 'meter-3', 'dlt645_2007', '000000000003', 'dlt645', 6, 2)`)
    await owner.execute(
      `insert into installation_timeline
       (usage_point_id, revision, effective_from, effective_to, meter_id, line_id, recorded_at, actor_id, reason) values
       (2, 2, '2026-06-01 00:00+08', '2026-07-24 10:00+08', 2, 2, '2026-07-26 09:00+08', 'system', ''),
       (2, 2, '2026-07-24 10:00+08', null, 3, 2, '2026-07-26 09:00+08', 'system', '')`,
    )
    await fire(26)
    t.same(
      (await points('monthly_set')).filter((point) => point.startsWith('3')),
      ['3 07-25'],
    )
    t.same(
      (await points('curve_day')).filter((point) => point.startsWith('3')),
      ['3 07-26', '3 07-27'],
    )
    t.same((await windows()).slice(-1), ['months/late/2026-07-26T16:00:00.000Z'], 'somebody goes for it')
  },
)
