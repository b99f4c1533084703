import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { accountDay, type DayAccount } from '../../../headend/accounting/account-day.js'
import { type DueCounts, dueLevels } from '../../../headend/accounting/account-levels.js'
import { defaultAccountSettings, spanOf } from '../../../headend/accounting/account-settings.js'
import { type OpenPage, openPoints, type PageMark } from '../../../headend/accounting/open-points.js'
import { standingOf } from '../../../headend/accounting/standing.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import type { Database } from '../../../storage/database.js'
import { gapPoints } from '../../../storage/headend/gap-points.js'
import { movedDuePoints } from '../../../storage/headend/moved-due-points.js'
import { usualWindows } from '../../../storage/headend/due-windows.js'
import { layDueReads } from '../../../storage/headend/due-reads.js'
import { tallyNight } from '../../../storage/headend/night-tallies.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { plantApprovers } from '../../support/people.js'

const midnight = beijing.startOfDay('2026-07-02')
const day = { after: midnight - dayMs, through: midnight }
const meterCount = 60
const historySeed = 20260702

/** A statement that becomes known at an instant. */
interface Fact {
  readonly at: Instant
  readonly sql: string
  readonly values: readonly (string | number)[]
}

/** Whatever may happen to due points, by seed: readings of every source, failures, estimates, excuses, each at a moment of its own. */
function factsOf(seed: number): readonly Fact[] {
  const random = createSeededRandom(seed)
  const facts: Fact[] = []
  for (let meter = 1; meter <= meterCount; meter += 1) {
    const moment = (name: string): Instant => midnight + random.below(5 * 24 * 60, name, meter) * minuteMs + 1
    const happens = (percent: number, name: string): boolean => random.below(100, `${name}?`, meter) < percent
    const add = (at: Instant, sql: string, ...values: readonly (string | number)[]): number =>
      facts.push({ at, sql, values })
    if (happens(70, 'reading')) {
      const at = moment('reading')
      add(
        at,
        `insert into reading (meter_id, quantity, read_at, total_e4, source, line_id, frame_received_at, recorded_at)
         values ($1, 1, $2, 1, $3, 1, $4, $4)`,
        meter,
        toTimestamptz(midnight),
        at < midnight + dayMs ? 1 + 2 * random.below(2, 'source', meter) : 2,
        toTimestamptz(at),
      )
    }
    if (happens(20, 'live')) {
      const after = random.below(20, 'live', meter) * minuteMs + 1
      add(
        midnight + after,
        `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values ($1, 1, $2, 1, 4, $2)`,
        meter,
        toTimestamptz(midnight + after),
      )
    }
    for (let attempt = 1; attempt <= random.below(4, 'attempts', meter); attempt += 1) {
      const causes = ['no_reply', 'damaged', 'refused', 'no_freeze', 'wrong_stamp', 'window_over', 'line_down']
      const at = moment(`attempt ${attempt}`)
      add(
        at,
        `insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at) values ($1, $2, $3, $4, $5, $5)`,
        meter,
        toTimestamptz(midnight),
        attempt,
        causes[random.below(causes.length, 'cause', meter, attempt)] ?? 'no_reply',
        toTimestamptz(at),
      )
    }
    if (happens(15, 'noted')) {
      const at = moment('noted')
      add(
        at,
        `insert into manual_reading (meter_id, quantity, read_at, total_e4, source, document, recorded_at, actor_id)
         values ($1, 1, $2, 1, 5, 'sheet', $3, 'system')`,
        meter,
        toTimestamptz(midnight),
        toTimestamptz(at),
      )
    }
    for (const [revision, verdict] of [...(['estimated', 'held'] as const)].entries()) {
      if (!happens(25, verdict)) continue
      const at = moment(verdict)
      add(
        at,
        `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, rules, reason, recorded_at)
         values ($1, 1, $2, $3, $4::text, case when $4::text = 'held' then null else 1 end, '{}', '', $5)`,
        meter,
        toTimestamptz(midnight),
        revision + 1,
        verdict,
        toTimestamptz(at),
      )
    }
    if (happens(10, 'suspended'))
      add(
        moment('suspended'),
        `insert into suspension_timeline values ($1, 1, $2, null, 'sheet', $3, 'system', '')`,
        meter,
        toTimestamptz(midnight - hourMs),
        toTimestamptz(moment('suspended')),
      )
    if (happens(15, 'exemption')) {
      const asked = moment('exemption')
      add(
        asked,
        `insert into due_exemption values ($1, $2, $3, $4, 'flooded', 'sheet', 'system', $5)`,
        `exemption-${meter}`,
        meter,
        toTimestamptz(midnight),
        toTimestamptz(midnight + 1),
        toTimestamptz(asked),
      )
      if (happens(60, 'granted'))
        add(
          asked + hourMs,
          `insert into due_exemption_approval values ($1, 'second', $2)`,
          `exemption-${meter}`,
          toTimestamptz(asked + hourMs),
        )
    }
  }
  return facts.toSorted((a, b) => a.at - b.at)
}

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** Four lines in two areas of two counties of one city, one of them a concentrator. */
async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const [owner, reader] = [databases.as('owner'), databases.as('reader')]
  const metersOf = (line: number) =>
    Array.from({ length: meterCount }, (_, index) => index + 1).filter((meter) => meter % 4 === line)
  await plantRegistry(
    owner,
    [0, 1, 2, 3].map((line) => ({
      lineId: line + 1,
      code: `line-${line + 1}`,
      kind: line === 3 ? ('mqtt_concentrator' as const) : ('dlt645_tcp' as const),
      settings: {},
      meters: metersOf(line),
    })),
  )
  const since = `'2026-06-01 00:00+08'`
  await plantApprovers(owner, ['second', 'third'])
  await owner.execute(
    `insert into organisation values (2, 'city', null, 'c', 'city', 'Asia/Shanghai', 'CNY', 2), (3, 'county-b', 2, 'c', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  )
  await owner.execute('update organisation set parent_id = 2 where organisation_id = 1')
  await owner.execute(`insert into transformer_area values (2, 3, 'area-b', 'area')`)
  await owner.execute(
    'update usage_point set transformer_area_id = 2, organisation_id = 3 where usage_point_id % 3 = 0',
  )
  await owner.execute(`insert into crew values (1, 1, 'crew-a', 'a'), (2, 3, 'crew-b', 'b')`)
  await owner.execute(`insert into crew_area_timeline values (2, 1, ${since}, null, 2, ${since}, 'system', '')`)
  await ensureTimePartitions(owner, midnight - 14 * dayMs, midnight + 14 * dayMs)
  await layDueReads(databases.as('headend'), { midnight, timeZone: 'Asia/Shanghai', recordedAt: midnight })
  return { owner, reader, headend: databases.as('headend') }
}

const outcomeFields = ['firstPass', 'retried', 'backFilled', 'fieldRead', 'estimated', 'exempt', 'open'] as const

/** The same sums by another hand: point by point, in plain SQL, without any of the product's views or functions. */
async function recomputed(reader: Database, asOf: Instant): Promise<Readonly<Record<string, number>>> {
  const rows = await reader.query<{ readonly state: string; readonly points: number }>(
    `select state, count(*)::integer as points from (
       select case
           when first.source is null and (select verdict from validation_decision v where v.meter_id = d.meter_id and v.read_at = d.read_at
                  and v.recorded_at <= $2 order by revision desc limit 1) = 'estimated' then 'estimated'
           when first.source is null and (
                exists (select from suspension_timeline s where s.usage_point_id = d.usage_point_id and s.recorded_at <= $2 and s.effective_from < d.read_at)
             or exists (select from due_exemption e, due_exemption_approval a where a.exemption_id = e.exemption_id and e.meter_id = d.meter_id
                          and a.recorded_at <= $2)) then 'exempt'
           when first.source is null then 'open'
           when first.source = 5 then 'fieldRead'
           when first.source = 2 or first.recorded_at > d.read_at + interval '6 hours' then 'backFilled'
           when (select count(*) from failed_read f where f.meter_id = d.meter_id and f.failed_at <= first.recorded_at) > 0 then 'retried'
           else 'firstPass'
         end as state
         from due_read d
         left join lateral (
           select c.source, c.recorded_at from (
             select source, recorded_at from reading r where r.meter_id = d.meter_id
                and (r.read_at = d.read_at or r.source = 4 and r.read_at - d.read_at between interval '0' and interval '15 minutes')
             union all
             select source, recorded_at from manual_reading m where m.meter_id = d.meter_id and m.read_at = d.read_at) c
            where c.recorded_at <= $2 order by c.recorded_at, c.source limit 1) first on true
        where d.read_at = $1 and d.recorded_at <= $2) judged
      group by state`,
    [toTimestamptz(midnight), toTimestamptz(asOf)],
  )
  return Object.fromEntries(rows.map(({ state, points }) => [state, points]))
}

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

/** Everything that is told of the day at some instants: sums at every level, points one by one, and what moved between the instants. */
async function toldAt(reader: Database, instants: readonly Instant[]): Promise<readonly unknown[]> {
  const told: unknown[] = []
  for (const [index, asOf] of instants.entries()) {
    const span = spanOf(defaultAccountSettings, { ...day, asOf, now: asOf })
    for (const level of [...dueLevels, 'cause'] as const)
      told.push(await accountDay(reader, { ...day, asOf, now: asOf }, level))
    told.push(await accountDay(reader, { ...day, asOf, now: asOf, template: 'daily_freeze' }, 'area'))
    told.push(await gapPoints(reader, span))
    told.push(await movedDuePoints(reader, span, instants[index + 1] ?? asOf + dayMs))
  }
  return told
}

const tallyRows = ['night_tally', 'night_tally_cell', 'night_tally_rest'].map(
  (table) => `select * from ${table} t order by t::text`,
)

t.test('the pages of open points hold each once, whatever a meter owes at one instant', async (t) => {
  const { owner, reader } = await open(t)
  await owner.execute(
    `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
     select meter_id, 'monthly_set', read_at, usage_point_id, line_id, recorded_at, false from due_read`,
  )
  const found: string[] = []
  let behind: PageMark | null = null
  do {
    const page: OpenPage = await openPoints(reader, {
      newest: midnight,
      oldest: midnight - dayMs,
      asOf: null,
      now: midnight + dayMs,
      crew: null,
      behind,
      limit: 7,
    })
    found.push(...page.points.map(({ meterCode, template }) => `${meterCode} ${template}`))
    behind = page.next
  } while (behind !== null)
  t.equal(found.length, 2 * meterCount)
  t.equal(new Set(found).size, found.length)
})

for (const seed of [1, 2, 3])
  t.test(`a tally changes nothing of what is told at any instant, seed ${seed}`, async (t) => {
    const { owner, reader, headend } = await open(t)
    const facts = factsOf(seed)
    const instants = Array.from({ length: 8 }, (_, index) => midnight + index * 16 * hourMs)
    const tallies = [instants[1], instants[4]].filter((instant) => instant !== undefined)
    const tally = async (talliedAt: Instant) =>
      tallyNight(headend, { readAt: midnight, talliedAt, windows: usualWindows }, 1)
    const fact = (sql: string, ...values: readonly (string | number)[]) => owner.execute(sql, values)
    let known = 0
    for (const asOf of instants) {
      for (; (facts[known]?.at ?? Number.POSITIVE_INFINITY) <= asOf; known += 1)
        await owner.execute(facts[known]?.sql ?? '', facts[known]?.values ?? [])
      if (!tallies.includes(asOf)) continue
      t.equal(await tally(asOf), true)
      t.equal(await tally(asOf), false, 'once')
    }
    const early = toTimestamptz(midnight + 1)
    const late = toTimestamptz(midnight + 3 * dayMs)
    // An attempt that a node had on disk while the database was away, and points that are wanted later than the others.
    await fact(
      `insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at)
       select meter_id, read_at, 9, 'no_reply', $1, $1 from reading where read_at = $2`,
      early,
      toTimestamptz(midnight),
    )
    await fact(
      `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
       select meter_id, 'monthly_set', read_at, usage_point_id, line_id, $1, false from due_read where meter_id < 9 and read_at = $2`,
      late,
      toTimestamptz(midnight),
    )
    t.equal((await reader.query('select from night_tally')).length, 2)
    const told = await toldAt(reader, instants)
    const rows = await Promise.all(tallyRows.map((sql) => reader.query(sql)))
    t.ok(rows.every(({ length }) => length > 0))
    for (const table of ['night_tally', 'night_tally_cell', 'night_tally_rest'])
      await owner.execute(`delete from ${table}`)
    t.same(await toldAt(reader, instants), told)
    await fact(`delete from failed_read where attempt = 9`)
    for (const asOf of tallies) await tally(asOf)
    t.same(await Promise.all(tallyRows.map((sql) => reader.query(sql))), rows, 'computed again it is the same')

    // What is recorded by then but comes later makes a tally void.
    await fact(
      `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
       select meter_id, 'curve_day', read_at, usage_point_id, line_id, $1, true from due_read where meter_id = 1 and read_at = $2 limit 1`,
      toTimestamptz(midnight + 2 * dayMs),
      toTimestamptz(midnight),
    )
    t.same(await reader.query('select tallied_at from night_tally'), [{ tallied_at: instants[1] }])
    t.equal((await reader.query('select distinct tallied_at from night_tally_rest')).length, 1)
  })

t.test('each point has one state and one cause, and what moved between two instants is listed', async (t) => {
  const { owner, reader } = await open(t)
  for (const { sql, values } of factsOf(historySeed)) await owner.execute(sql, values)
  const stand = async (asOf: Instant) => {
    const points = await gapPoints(reader, spanOf(defaultAccountSettings, { ...day, asOf, now: asOf }))
    const keys = points.map(({ meterCode }) => meterCode)
    t.equal(new Set(keys).size, keys.length, 'no point twice')
    for (const point of points) {
      const { cause, step } = standingOf(point, defaultAccountSettings, asOf)
      t.ok(cause)
      t.equal(step !== null, point.outcome === 'open', 'a step for what is open, and only for that')
      if (step !== null) t.ok(step.deadline > midnight)
    }
    return new Map(points.map(({ meterCode, outcome }) => [meterCode, outcome]))
  }
  const [early, late] = [midnight + 20 * hourMs, midnight + 6 * dayMs]
  const [before, after] = [await stand(early), await stand(late)]
  const moved = await movedDuePoints(reader, spanOf(defaultAccountSettings, { ...day, asOf: early, now: early }), late)
  const expected = Array.from({ length: meterCount }, (_, index) => `meter-${index + 1}`).flatMap((meterCode) => {
    const [was, is] = [before.get(meterCode) ?? 'first_pass', after.get(meterCode) ?? 'first_pass']
    return was === is ? [] : [`${meterCode} ${was} ${is}`]
  })
  t.ok(expected.length > 5)
  t.same(moved.map((each) => `${each.meterCode} ${each.before} ${each.after}`).toSorted(), expected.toSorted())
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

/** Values of some meters for the midnight, stored at an instant. */
async function storeAt(owner: Database, meters: readonly number[], at: Instant): Promise<void> {
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, source, line_id, frame_received_at, recorded_at)
     select m, 1, $1, 1, 1, 1, $2, $2 from unnest($3::bigint[]) m`,
    [toTimestamptz(midnight), toTimestamptz(at), meters.map(String)],
  )
}

const allMeters = Array.from({ length: meterCount }, (_, index) => index + 1)

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

t.test('an estimated register settles the registers of a midnight, no curve and no demand', async (t) => {
  const { owner, reader } = await open(t)
  for (const template of ['curve_day', 'monthly_set', 'noted_registers'])
    await owner.execute(
      `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
       select meter_id, $1, read_at, usage_point_id, line_id, recorded_at, false from due_read where meter_id = 1 and template = 'daily_freeze'`,
      [template],
    )
  const at = toTimestamptz(midnight + dayMs)
  await owner.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, rules, reason, recorded_at)
     values (1, 1, $1, 1, 'estimated', 1, '{}', '', $2)`,
    [toTimestamptz(midnight), at],
  )
  await owner.execute(
    `insert into field_order (field_order_id, meter_id, usage_point_id, read_at, grid_cell_id, cause, due_at, recorded_at)
     select gen_random_uuid(), 1, usage_point_id, $1, grid_cell_id, 'no_reply', $2, $2 from usage_point where usage_point_id = 1`,
    [toTimestamptz(midnight), at],
  )
  const asOf = midnight + 2 * dayMs
  const points = await gapPoints(reader, spanOf(defaultAccountSettings, { ...day, asOf, now: asOf }))
  t.same(
    points
      .filter(({ meterId }) => meterId === 1n)
      .map(({ template, outcome, fieldOrder }) => `${template} ${outcome} ${fieldOrder !== null}`),
    [
      'curve_day open false',
      'daily_freeze estimated false',
      'monthly_set open false',
      'noted_registers estimated false',
    ],
  )
  const plain = await reader.query(
    `select count(*)::integer as estimated from due_read d
      where d.template in ('daily_freeze', 'noted_registers')
        and exists (select from validation_decision v where v.meter_id = d.meter_id and v.read_at = d.read_at and v.verdict = 'estimated')`,
  )
  t.match(plain, [{ estimated: (await accountDay(reader, { ...day, asOf, now: asOf }, 'line')).total.estimated }])
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
