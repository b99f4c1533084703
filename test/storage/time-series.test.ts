import t from 'tap'
import { ensureTimePartitions } from '../../storage/time-series.js'
import { withDatabase } from '../support/database.js'

const readAt = '2026-03-09T16:00:00Z'
const partitionStart = Date.parse('2026-03-05T00:00:00Z')

t.test('a partition begins on the same day in every tier', async (t) => {
  const owner = (await withDatabase(t)).as('owner')
  await ensureTimePartitions(owner, Date.parse(readAt), Date.parse(readAt) + 1)
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values (7, 1, $1, 100, 1, $1)`,
    [readAt],
  )
  const [computed] = await owner.query<{ readonly start: number }>('select time_partition_start($1) as start', [readAt])
  t.equal(computed?.start, partitionStart)
  // Hypertable chunks and native partitions both say their bounds, in different words.
  const [found] = await owner.query<{ readonly bounds: string }>(
    `select coalesce(pg_get_expr(c.relpartbound, c.oid),
              (select pg_get_constraintdef(k.oid) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' limit 1)) as bounds
       from reading r join pg_class c on c.oid = r.tableoid`,
  )
  t.match(found?.bounds, '2026-03-05 00:00:00+00')
  t.match(found?.bounds, '2026-03-12 00:00:00+00')
})
