import t from 'tap'
import { dayMs, hourMs, minuteMs, type Instant } from '../../../domain/time.js'
import { accountDay, type DayAccount } from '../../../headend/accounting/account-day.js'
import { dueLevels, type DueCounts } from '../../../headend/accounting/account-levels.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import {
  allMeters,
  day,
  factsOf,
  historySeed,
  meterCount,
  midnight,
  open,
  outcomeFields,
  recomputed,
  storeAt,
} from './random-night.js'

function sumOf(rows: readonly DueCounts[], field: (typeof outcomeFields)[number] | 'due'): number {
  return rows.reduce((sum, row) => sum + row[field], 0)
}

function causesOf(counts: DueCounts): number {
  return Object.values(counts.causes).reduce((sum, points) => sum + points, 0)
}

t.test('at every instant of a random history both sums hold, at every level, and stay', async (t) => {
  t.comment(`seed ${historySeed}`)
  const { owner, reader } = await open(t)
  const facts = factsOf(historySeed)
  const instants = Array.from({ length: 9 }, (_, index) => midnight + index * 15 * hourMs)
  const told: (readonly [Instant, DayAccount])[] = []
  let known = 0
  for (const asOf of instants) {
    for (; (facts[known]?.at ?? Number.POSITIVE_INFINITY) <= asOf; known += 1)
      await owner.execute(facts[known]?.sql ?? '', facts[known]?.values ?? [])
    const wish = { ...day, asOf, now: asOf }
    const { total } = await accountDay(reader, wish, 'line')
    const plain = await recomputed(reader, asOf)
    t.same(
      outcomeFields.map((field) => total[field]),
      outcomeFields.map((field) => plain[field] ?? 0),
      `${new Date(asOf).toISOString()} ${JSON.stringify(plain)}`,
    )
    t.equal(total.due, meterCount)
    t.equal(
      outcomeFields.reduce((sum, field) => sum + total[field], 0),
      total.due,
    )
    t.equal(causesOf(total), total.due - total.firstPass, 'causes sum to the gap')
    for (const level of dueLevels) {
      const account = await accountDay(reader, wish, level)
      t.same(account.total, total, `the whole is the same by ${level}`)
      for (const field of ['due', ...outcomeFields] as const) t.equal(sumOf(account.rows, field), total[field])
      for (const row of account.rows) t.equal(causesOf(row), row.due - row.firstPass)
    }
    const { causes } = await accountDay(reader, wish, 'cause')
    t.equal(
      causes.reduce((sum, { points }) => sum + points, 0),
      total.due - total.firstPass,
    )
    t.equal(
      causes.reduce((sum, { open: points }) => sum + points, 0),
      total.open,
    )
    told.push([asOf, await accountDay(reader, wish, 'crew')])
  }
  t.equal(known, facts.length)
  for (const [asOf, account] of told)
    t.same(await accountDay(reader, { ...day, asOf, now: asOf }, 'crew'), account, 'a past instant does not move')
})

t.test(
  'a crew that takes over an area owns what is open from then on, and who owned it before stays on record',
  async (t) => {
    const { owner, reader } = await open(t)
    const takeover = midnight + 2 * dayMs
    await owner.execute(
      `insert into crew_area_timeline values
       (2, 2, '2026-06-01 00:00+08', $1, 2, $1, 'system', ''), (2, 2, $1, null, 1, $1, 'system', '')`,
      [toTimestamptz(takeover)],
    )
    const ownersAt = async (asOf: Instant) =>
      (await accountDay(reader, { ...day, asOf, now: asOf }, 'crew')).rows.map(({ code, open: points }) => [
        code,
        points,
      ])
    t.same(await ownersAt(takeover - 1), [
      ['crew-b', 20],
      [null, 40],
    ])
    t.same(await ownersAt(takeover), [
      ['crew-a', 20],
      [null, 40],
    ])
  },
)

t.test('an exemption needs another person than its author', async (t) => {
  const { owner } = await open(t)
  await owner.execute(
    `insert into due_exemption values ('e', 1, '2026-07-02', '2026-07-03', 'flooded', 'sheet', 'second', '2026-07-02')`,
  )
  await t.rejects(
    owner.execute(`insert into due_exemption_approval values ('e', 'second', '2026-07-02')`),
    /may not approve it: that takes another person/,
  )
})

t.test(
  'what is caught up with after a dead night was not read at the first pass, and the night stays the cause',
  async (t) => {
    const { owner, reader } = await open(t)
    await storeAt(owner, allMeters.slice(0, 40), midnight + 10 * hourMs)
    await owner.execute(
      `insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at) values (60, $1, 1, 'no_reply', $2, $2)`,
      [toTimestamptz(midnight), toTimestamptz(midnight + 10 * hourMs)],
    )
    const at = async (asOf: Instant) => (await accountDay(reader, { ...day, asOf, now: asOf }, 'line')).total
    t.match(await at(midnight + 7 * hourMs), { firstPass: 0, open: 60, causes: { database_or_head_end_down: 60 } })
    t.match(await at(midnight + 11 * hourMs), {
      firstPass: 0,
      backFilled: 40,
      open: 20,
      causes: { database_or_head_end_down: 59, meter_silent: 1 },
    })
    t.same(await recomputed(reader, midnight + 11 * hourMs), { backFilled: 40, open: 20 })
  },
)

t.test('the first pass ends with the window of the plan that was in force on that night', async (t) => {
  const { owner, reader } = await open(t)
  await owner.execute(`insert into actor values ('first', 'test', 'person', '2026-06-01')`)
  const long = { opensMinutes: 5, closesMinutes: 480, passesMinutes: [5] }
  const schedules = defaultPlan.schedules.map((each) => ({ ...each, window: long }))
  const revision = async (number: number, plan: object, at: Instant) => {
    await owner.execute(
      `insert into collection_plan (revision, document, sha256, effective_from, recorded_at, author, reason)
       values ($1, $2, sha256('x'), $3, $3, 'first', 'test')`,
      [number, JSON.stringify(plan), toTimestamptz(at)],
    )
    await owner.execute(`insert into collection_plan_approval values ($1, 'first', 'second', $2)`, [
      number,
      toTimestamptz(at),
    ])
  }
  await revision(1, { ...defaultPlan, schedules }, midnight - hourMs)
  await revision(2, defaultPlan, midnight + hourMs)
  await storeAt(owner, allMeters, midnight + 8 * hourMs)
  await owner.execute('update reading set recorded_at = recorded_at + $1 where meter_id = 7', ['1 millisecond'])
  const asOf = midnight + 9 * hourMs
  t.match((await accountDay(reader, { ...day, asOf, now: asOf }, 'line')).total, { firstPass: 59, backFilled: 1 })
})

t.test('without another instant the account is that of now', async (t) => {
  const { owner, reader } = await open(t)
  await owner.execute(
    `insert into crew_area_timeline values
     (2, 2, '2026-06-01 00:00+08', '2026-08-01 00:00+08', 2, '2026-06-02', 'system', ''),
     (2, 2, '2026-08-01 00:00+08', null, 1, '2026-06-02', 'system', '')`,
  )
  const now = midnight + 6 * minuteMs
  const told = async (asOf: Instant | null) => {
    const account = await accountDay(reader, { ...day, asOf, now }, 'cause')
    return account.causes.map(({ cause, crew, open: points }) => `${cause} ${crew} ${points}`)
  }
  t.same(await told(null), ['window_running null 40', 'window_running crew-b 20'])
  t.same(await told(null), await told(now))
})

t.test('a point that nobody told of before its window was over says so', async (t) => {
  const { owner, reader } = await open(t)
  await storeAt(owner, allMeters.slice(0, 59), midnight + hourMs)
  await owner.execute('delete from due_read where meter_id = 60')
  const late = midnight + dayMs
  await owner.execute(
    'insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at) values (60, $1, 60, 1, $2)',
    [toTimestamptz(midnight), toTimestamptz(late)],
  )
  const at = async (asOf: Instant) => (await accountDay(reader, { ...day, asOf, now: asOf }, 'line')).total
  t.match(await at(late - 1), { due: 59, firstPass: 59, open: 0 })
  t.match(await at(late), { due: 60, firstPass: 59, open: 1, causes: { registered_late: 1 } })
  await storeAt(owner, [60], late + hourMs)
  t.match(await at(late + 2 * hourMs), { due: 60, backFilled: 1, open: 0, causes: { registered_late: 1 } })
})
