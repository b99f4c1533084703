import t from 'tap'
import { dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { accountDay } from '../../../headend/accounting/account-day.js'
import { dueLevels } from '../../../headend/accounting/account-levels.js'
import { defaultAccountSettings, spanOf } from '../../../headend/accounting/account-settings.js'
import type { Database } from '../../../storage/database.js'
import { usualWindows } from '../../../storage/headend/due-windows.js'
import { gapPoints } from '../../../storage/headend/gap-points.js'
import { movedDuePoints } from '../../../storage/headend/moved-due-points.js'
import { tallyNight } from '../../../storage/headend/night-tallies.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { day, factsOf, midnight, open } from './random-night.js'

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
