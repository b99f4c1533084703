import t from 'tap'
import { liveToleranceMs } from '../../../domain/reading.js'
import { beijing, dayMs, type Instant } from '../../../domain/time.js'
import { lastLaidMidnight, layDueReads, missingDueReads } from '../../../storage/headend/due-reads.js'
import { dueOutcomes } from '../../../storage/headend/outcomes.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { plantApprovers } from '../../support/people.js'

const timeZone = 'Asia/Shanghai'
const midnight = beijing.startOfDay('2026-07-02')

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** Three meters on one bus. */
async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const [owner, headend, reader] = [databases.as('owner'), databases.as('headend'), databases.as('reader')]
  const meters = [1, 2, 3]
  await plantRegistry(owner, [{ lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: {}, meters }])
  await ensureTimePartitions(headend, midnight - 100 * dayMs, midnight + 8 * dayMs)
  const lay = (at: Instant) => layDueReads(headend, { midnight: at, timeZone, recordedAt: at })
  return { owner, headend, reader, lay }
}

t.test('a live read serves its midnight up to the tolerance, the end included', async (t) => {
  const { owner, headend, reader, lay } = await open(t)
  await lay(midnight)
  for (const [meterId, afterMs] of [liveToleranceMs - 1, liveToleranceMs, liveToleranceMs + 1].entries()) {
    await owner.execute(
      'insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values ($1, 1, $2, 1, 4, $2)',
      [meterId + 1, toTimestamptz(midnight + afterMs)],
    )
  }
  const now = midnight + dayMs
  const missing = await missingDueReads(headend, {
    lineId: 1n,
    from: midnight,
    through: midnight,
    now,
    noFreezeLimit: 1,
  })
  t.same(
    missing.map(({ meterId }) => meterId),
    [3n],
  )
  t.match(await dueOutcomes(reader, { from: midnight, to: now }), [{ due: 3, firstPass: 2, open: 1 }])
})

t.test('a midnight is laid down as a whole or not at all: a node that dies in between loses no boundary', async (t) => {
  const { owner, lay } = await open(t)
  await owner.execute('revoke insert on due_purpose from shuangwu_headend')
  await t.rejects(lay(midnight), /due_purpose/)
  t.same(await owner.query('select from due_read'), [])
  await owner.execute('grant insert on due_purpose to shuangwu_headend')
  t.equal(await lay(midnight), 3)
})

t.test('knows the last midnight laid down in a zone, however long ago', async (t) => {
  const { headend, lay } = await open(t)
  const recentFrom = midnight - 10 * dayMs
  const cases: readonly [laid: Instant | null, zone: string, expected: Instant | null][] = [
    [null, timeZone, null],
    [midnight - 20 * dayMs, timeZone, midnight - 20 * dayMs],
    [recentFrom, timeZone, recentFrom],
    [midnight, timeZone, midnight],
    [midnight - 5 * dayMs, timeZone, midnight],
    [null, 'UTC', null],
  ]
  for (const [laid, zone, expected] of cases) {
    if (laid !== null) await lay(laid)
    t.equal(await lastLaidMidnight(headend, { timeZone: zone, recentFrom }), expected)
  }
})

t.test('lays billing boundaries as due points of their own, which go first, and shows no customer', async (t) => {
  const { owner, headend, lay } = await open(t)
  await owner.execute(`insert into customer values (1, 'c', 'c', 'residential', false)`)
  await owner.execute(`insert into account values (1, 1, 'a', 1), (2, 1, 'b', 1), (3, 1, 'd', 1)`)
  const agreement = `insert into agreement_timeline
    (account_id, revision, effective_from, effective_to, usage_point_id, tariff_code, ladder_from, recorded_at, actor_id, reason)`
  await owner.execute(`${agreement} values
    (1, 1, '2026-06-01 00:00+08', null, 1, 't', '2026-01-01', '2026-06-01', 'system', ''),
    (2, 1, '2026-06-01 00:00+08', null, 2, 't', '2026-01-01', '2026-06-01', 'system', '')`)
  await owner.execute(`insert into meter values (9, 'meter-9', 'dlt645_2007', '000000000009', 'dlt645', 6, 2)`)
  const first = beijing.startOfDay('2026-07-01')
  await lay(first)
  t.same(
    await headend.query('select meter_id, template, purpose from due_purpose order by 1, 2, 3'),
    [1n, 2n].map((meter_id) => ({ meter_id, template: 'daily_freeze', purpose: 'reading_day' })),
  )

  // Meter 3 gives way to meter 9 at 14:00; point 2 passes to another account at midnight.
  const at = '2026-07-01 14:00+08'
  await owner.execute(
    `insert into installation_timeline
       (usage_point_id, revision, effective_from, effective_to, meter_id, line_id, recorded_at, actor_id, reason) values
       (3, 2, '2026-06-01 00:00+08', $1, 3, 1, $1, 'system', ''), (3, 2, $1, null, 9, 1, $1, 'system', '')`,
    [at],
  )
  await owner.execute(`insert into meter_exchange values (3, $1, 3, 9, 'sheet', $1, 'system')`, [at])
  await owner.execute(
    `insert into manual_reading (meter_id, quantity, read_at, total_e4, source, document, recorded_at, actor_id)
     values (3, 1, $1, 1, 6, 'sheet', $1, 'system'), (9, 1, $1, 0, 6, 'sheet', $1, 'system')`,
    [at],
  )
  await owner.execute(
    `${agreement} values
    (2, 2, '2026-06-01 00:00+08', '2026-07-02 00:00+08', 2, 't', '2026-01-01', $1, 'system', ''),
    (3, 1, '2026-07-02 00:00+08', null, 2, 't', '2026-07-02', $1, 'system', '')`,
    [at],
  )
  t.equal(await lay(midnight), 3 + 2, 'the meters of that midnight, and two that were exchanged')
  t.equal(await lay(midnight), 0)
  t.same(
    await headend.query(
      `select meter_id, template, purpose from due_purpose where purpose <> 'reading_day' order by 1, 2, 3`,
    ),
    [
      { meter_id: 2n, template: 'daily_freeze', purpose: 'contract_change' },
      { meter_id: 3n, template: 'noted_registers', purpose: 'exchange' },
      { meter_id: 9n, template: 'noted_registers', purpose: 'exchange' },
    ],
  )
  t.same(
    await headend.query(
      `select d.meter_id, s.source from due_read d join served_read s using (meter_id, template, read_at)
        where d.template = 'noted_registers' order by 1`,
    ),
    [
      { meter_id: 3n, source: 6 },
      { meter_id: 9n, source: 6 },
    ],
  )
  const missing = await missingDueReads(headend, {
    lineId: 1n,
    from: first,
    through: midnight,
    now: midnight + dayMs,
    noFreezeLimit: 1,
  })
  t.same(
    missing.map(({ meterId, readAt, rank }) => [meterId, readAt === midnight ? 2 : 1, rank === -1]),
    [
      [2n, 2, true],
      [1n, 1, true],
      [2n, 1, true],
      [1n, 2, false],
      [9n, 2, false],
    ],
    'boundaries first, then the newest; the exchanged meter is not asked',
  )
  await t.rejects(headend.query('select * from agreement_timeline'), /permission denied/)
  t.same(
    Object.keys(
      (
        await headend.query<object>(`select * from billing_boundary('-infinity', now(), $1, $2)`, [
          '2026-06-30',
          '2026-07-03',
        ])
      )[0] ?? {},
    ),
    ['usage_point_id', 'at', 'purpose'],
  )
})

t.test('a change that becomes known late makes its due points then', async (t) => {
  const { owner, headend, lay } = await open(t)
  await lay(beijing.startOfDay('2026-06-15'))
  await lay(midnight)
  await owner.execute(
    `insert into suspension_timeline values (1, 1, '2026-06-20 09:00+08', null, 'sheet', '2026-07-02 10:00+08', 'system', '')`,
  )
  t.equal(await lay(midnight + dayMs), 3 + 1)
  t.same(await headend.query(`select meter_id, template, purpose from due_purpose`), [
    { meter_id: 1n, template: 'noted_registers', purpose: 'suspension' },
  ])
})

const installation = `insert into installation_timeline
  (usage_point_id, revision, effective_from, effective_to, meter_id, line_id, recorded_at, actor_id, reason)`

t.test(
  'a meter that was hung before it is typed in has all its midnights, and its boundaries, from the next night on',
  async (t) => {
    const { owner, headend, lay } = await open(t)
    for (const day of ['2026-06-30', '2026-07-01', '2026-07-02']) await lay(beijing.startOfDay(day))
    const newMeter = (ordinal: number) =>
      owner.execute(`insert into meter values ($1, $2, 'dlt645_2007', $3, 'dlt645', 6, 2)`, [
        ordinal,
        `meter-${ordinal}`,
        String(ordinal).padStart(12, '0'),
      ])
    for (const ordinal of [8, 9, 10]) await newMeter(ordinal)
    const typed = `'2026-07-02 09:00+08', 'system', ''`
    for (const point of [4, 5])
      await owner.execute(
        `insert into usage_point select $1, organisation_id, $2, transformer_area_id, grid_cell_id, '' from usage_point where usage_point_id = 1`,
        [point, `point-${point}`],
      )
    // Point 4 is new; meter 9 took the place of meter 3; point 5 comes from a go-live and has hung for years.
    await owner.execute(`${installation} values (4, 1, '2026-06-30 10:00+08', null, 8, 1, ${typed}),
    (3, 2, '2026-06-01 00:00+08', '2026-06-30 15:00+08', 3, 1, ${typed}), (3, 2, '2026-06-30 15:00+08', null, 9, 1, ${typed}),
    (5, 1, '2020-01-01 00:00+08', null, 10, 1, ${typed})`)
    await owner.execute(`insert into customer values (1, 'c', 'c', 'residential', false)`)
    await owner.execute(`insert into account values (1, 1, 'a', 1)`)
    await owner.execute(
      `insert into agreement_timeline values (1, 1, '2026-06-01 00:00+08', null, 3, 't', '2026-01-01', '2026-06-01', 'system', '')`,
    )
    t.equal(await lay(midnight + dayMs), 5 + 4)
    t.equal(await lay(midnight + dayMs), 0)
    const laid = await headend.query<{ readonly meter_id: bigint; readonly read_at: Instant }>(
      `select meter_id, read_at from due_read where meter_id > 7 and daily order by 1, 2`,
    )
    t.same(
      laid.map(({ meter_id, read_at }) => `${meter_id} ${beijing.dateAt(read_at)}`),
      ['8 2026-07-01', '8 2026-07-02', '8 2026-07-03', '9 2026-07-01', '9 2026-07-02', '9 2026-07-03', '10 2026-07-03'],
    )
    t.same(await headend.query(`select meter_id, purpose from due_purpose where meter_id = 9`), [
      { meter_id: 9n, purpose: 'reading_day' },
    ])
  },
)

t.test('reading days are those of the registry, and the ladder year ends with the last of them', async (t) => {
  const { owner, headend } = await open(t)
  await owner.execute(`insert into customer values (1, 'c', 'c', 'residential', false)`)
  for (const point of [1, 2, 3]) {
    await owner.execute('insert into account values ($1, 1, $2, 1)', [point, `a${point}`])
    await owner.execute(
      `insert into agreement_timeline values ($1, 1, '2025-01-01 00:00+08', null, $1, 't', '2025-01-01', '2025-01-01', 'system', '')`,
      [point],
    )
  }
  await owner.execute(
    `insert into tariff_version select 't', 1, date '2025-01-01', null, '{"ladder": {}}', sha256('x'), 'system', '2024-12-01'`,
  )
  // Point 1 is read on the 25th, from March on the 31st; point 2 on the 1st as nothing is stated; point 3 on the 29th.
  await owner.execute(`insert into reading_day_timeline values
    (1, 1, '2025-01-01 00:00+08', '2026-03-01 00:00+08', 25, '2025-01-01', 'system', ''),
    (1, 1, '2026-03-01 00:00+08', null, 31, '2025-01-01', 'system', ''),
    (3, 1, '2025-01-01 00:00+08', null, 29, '2025-01-01', 'system', '')`)
  const told = async (from: string, to: string) =>
    (
      await headend.query<{ readonly usage_point_id: bigint; readonly at: Instant; readonly purpose: string }>(
        `select * from billing_boundary('-infinity', '2026-07-01', $1, $2) order by 1, 2, 3`,
        [from, to],
      )
    ).map(({ usage_point_id, at, purpose }) => `${usage_point_id} ${beijing.dateAt(at)} ${purpose}`)
  t.same(await told('2025-12-01 00:00+08', '2026-01-20 00:00+08'), [
    '1 2025-12-25 ladder_year_end',
    '1 2025-12-25 reading_day',
    '2 2026-01-01 ladder_year_end',
    '2 2026-01-01 reading_day',
    '3 2025-12-29 ladder_year_end',
    '3 2025-12-29 reading_day',
  ])
  t.same(await told('2026-02-01 00:00+08', '2026-05-02 00:00+08'), [
    '1 2026-02-25 reading_day',
    '1 2026-03-31 reading_day',
    '1 2026-04-30 reading_day',
    '2 2026-03-01 reading_day',
    '2 2026-04-01 reading_day',
    '2 2026-05-01 reading_day',
    '3 2026-02-28 reading_day',
    '3 2026-03-29 reading_day',
    '3 2026-04-29 reading_day',
  ])
})

t.test('prices and ladder years have their boundaries', async (t) => {
  const { owner, headend } = await open(t)
  await owner.execute(`insert into customer values (1, 'c', 'c', 'residential', false)`)
  await owner.execute(`insert into account values (1, 1, 'a', 1)`)
  await plantApprovers(owner, ['signer-1', 'signer-2'])
  await owner.execute(`insert into agreement_timeline values
    (1, 1, '2026-01-01 00:00+08', '2026-03-05 00:00+08', 1, 't', '2026-01-01', '2026-01-01', 'system', ''),
    (1, 1, '2026-03-05 00:00+08', null, 1, 'u', '2026-01-01', '2026-01-01', 'system', '')`)
  await owner.execute(
    `insert into tariff_version
     select code, version, from_day, null, '{"ladder": {}}', sha256('x'), 'system', '2025-12-01'
       from (values ('t', 1, date '2025-01-01'), ('t', 2, '2026-02-01'), ('t', 3, '2026-02-10'), ('u', 1, '2026-03-01')) v (code, version, from_day)`,
  )
  await owner.execute(`insert into tariff_signature
    select 't', v, 'signer-' || n, '2025-12-02' from generate_series(1, 3) v, generate_series(1, 2) n where (v, n) <> (3, 2)`)
  const rows = await headend.query<{ readonly at: number; readonly purpose: string }>(
    `select at, purpose from billing_boundary('-infinity', '2026-07-01', '2025-12-31 00:00+08', '2026-03-06 00:00+08') order by 1, 2`,
  )
  t.same(
    rows.map(({ at, purpose }) => `${beijing.dateAt(at)} ${purpose}`),
    [
      '2026-01-01 contract_change',
      '2026-01-01 ladder_year_end',
      '2026-01-01 reading_day',
      '2026-02-01 price_change',
      '2026-02-01 reading_day',
      '2026-03-01 reading_day',
      '2026-03-05 class_change',
    ],
    'one signature too few changes no price',
  )
})
