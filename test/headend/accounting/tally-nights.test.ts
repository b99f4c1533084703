import t from 'tap'
import { defaultReadLadder } from '../../../domain/read-ladder.js'
import { hourMs, type Instant } from '../../../domain/time.js'
import { nextTally, tallyNights } from '../../../headend/accounting/tally-nights.js'
import { layDueReads } from '../../../storage/headend/due-reads.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { firstMidnight, plantRegistry } from '../../support/field-world.js'
import { createStillClock } from '../../support/still-clock.js'

t.test('a night is tallied once its window is over, and again while too much is left', async (t) => {
  const cases: readonly [
    nowHours: number,
    talliedHours: number | null,
    listed: boolean,
    expectedHours: number | null,
  ][] = [
    [5.99, null, false, null],
    [6, null, false, 6],
    [8, null, false, 6],
    [8, 6, false, null],
    [8, 6, true, null],
    [9, 6, false, 9],
    [20, null, false, 9],
    [29, 9, false, null],
    [31, 9, false, 30],
    [31, 9, true, null],
    [100, null, false, 30],
    [100, 30, false, null],
  ]
  for (const [nowHours, talliedHours, listed, expectedHours] of cases) {
    const talliedAt = talliedHours === null ? null : talliedHours * hourMs
    const found = nextTally({ readAt: 0, talliedAt, listed }, defaultReadLadder, nowHours * hourMs)
    t.equal(found === null ? null : found / hourMs, expectedHours, `${nowHours} h, ${talliedHours} h, ${listed}`)
  }
})

t.test('tallies the newest nights, by any node, once', async (t) => {
  const databases = await withDatabase(t)
  const [owner, headend] = [databases.as('owner'), databases.as('headend')]
  const meters = Array.from({ length: 40 }, (_, index) => index + 1)
  await plantRegistry(owner, [{ lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: {}, meters }])
  const midnights = [firstMidnight, firstMidnight + 24 * hourMs]
  await ensureTimePartitions(headend, firstMidnight - 24 * hourMs, firstMidnight + 96 * hourMs)
  for (const midnight of midnights)
    await layDueReads(headend, { midnight, timeZone: 'Asia/Shanghai', recordedAt: midnight })
  const read = (at: Instant, meterIds: readonly number[]) =>
    owner.execute(
      `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at)
       select m, 1, $1, 1, 1, $1 from unnest($2::bigint[]) m`,
      [toTimestamptz(at), meterIds.map(String)],
    )
  await read(firstMidnight, meters.slice(1))
  await read(firstMidnight + 24 * hourMs, meters.slice(0, 20))
  const tally = async (now: Instant) =>
    (await tallyNights({ database: headend, clock: createStillClock(now) }, defaultReadLadder)).map(
      ({ readAt, talliedAt }) => [(readAt - firstMidnight) / hourMs, (talliedAt - firstMidnight) / hourMs],
    )
  t.same(await tally(firstMidnight + 5 * hourMs), [])
  t.same(await tally(firstMidnight + 7 * hourMs), [[0, 6]])
  t.same(await tally(firstMidnight + 7 * hourMs), [])
  t.same(await tally(firstMidnight + 32 * hourMs), [[24, 30]])
  t.same(await tally(firstMidnight + 34 * hourMs), [[24, 33]], 'half of it was missing')
  t.same(
    await owner.query(
      `select points, rest, listed, (select count(*) from night_tally_rest r where r.read_at = t.read_at) as in_list,
              (select sum(points) from night_tally_cell c where c.read_at = t.read_at) as in_cells
         from night_tally t order by tallied_at`,
    ),
    [
      { points: 40n, rest: 1n, listed: true, in_list: 1n, in_cells: 40n },
      { points: 40n, rest: 20n, listed: false, in_list: 0n, in_cells: null },
      { points: 40n, rest: 20n, listed: false, in_list: 0n, in_cells: null },
    ],
  )
  const layLate = (recordedAt: Instant, readAt: Instant) =>
    headend.transaction(async (tx) => {
      await tx.execute(
        `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
         select meter_id, 'noted_registers', $2, usage_point_id, line_id, $1, false from due_read where read_at = $2 and meter_id = 1
             on conflict do nothing`,
        [toTimestamptz(recordedAt), toTimestamptz(readAt)],
      )
      const locked = await tx.query(
        `select c.relname from pg_locks l join pg_class c on c.oid = l.relation
          where l.pid = pg_backend_pid() and c.relname ~ '^night_tally_(cell|rest)'`,
      )
      return locked.length
    })
  t.equal(await layLate(firstMidnight + 7 * hourMs, firstMidnight), 0, 'where none is void, no partition is looked at')
  const left = () =>
    owner.query(
      `select (select count(*) from night_tally) as tallies, (select count(*) from night_tally_cell) as cells,
              (select count(*) from night_tally_rest) as rest`,
    )
  t.same(await left(), [{ tallies: 3n, cells: 1n, rest: 1n }])
  await owner.execute(`delete from due_read where template = 'noted_registers'`)
  await layLate(firstMidnight + hourMs, firstMidnight)
  t.same(await left(), [{ tallies: 2n, cells: 0n, rest: 0n }], 'what the tally would have counted makes it void')
})
