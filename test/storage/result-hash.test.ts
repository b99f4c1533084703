import t from 'tap'
import type { Queryable } from '../../storage/database.js'
import { resultHash } from '../../storage/result-hash.js'
import { withDatabase } from '../support/database.js'

const at = '2026-03-09T16:00:00Z'

async function arrange(owner: Queryable): Promise<void> {
  await owner.execute(`select ensure_time_partitions('2026-03-01', '2026-03-15')`)
  await owner.execute(`insert into meter values (7, 'M-7', 'dlt645_2007', '000000000007', 'model', 6, 2)`)
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, tou2_e4, tou4_e4, source, recorded_at) values (7, 1, $1, 1234500, 1000000, 234500, 1, $1)`,
    [at],
  )
}

t.test('the hash depends on the facts and not on ids or recorded times', async (t) => {
  const [one, other] = [await withDatabase(t), await withDatabase(t)]
  await arrange(one.as('owner'))
  await arrange(other.as('owner'))
  await other.as('owner').execute(`update reading set recorded_at = recorded_at + interval '1 hour'`)
  const [first, second] = [await resultHash(one.as('reader')), await resultHash(other.as('reader'))]
  t.same(first, second)
  t.same(
    first.tables.map(({ name, rows }) => [name, rows]),
    [
      ['readings', 1],
      ['decisions', 0],
      ['determinants', 0],
      ['bills', 0],
      ['entries', 0],
      ['notices', 0],
      ['tasks', 0],
    ],
  )
})

t.test('0.01 kWh on one register changes the hash', async (t) => {
  const database = await withDatabase(t)
  await arrange(database.as('owner'))
  const before = await resultHash(database.as('reader'))
  await database.as('owner').execute('update reading set total_e4 = total_e4 + 100')
  const after = await resultHash(database.as('reader'))
  t.not(after.sha256, before.sha256)
  t.not(after.tables[0]?.sha256, before.tables[0]?.sha256)
  t.equal(after.tables[3]?.sha256, before.tables[3]?.sha256)
})
