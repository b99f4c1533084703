import t from 'tap'
import { dayMs, hourMs } from '../../../domain/time.js'
import type { TouTables, TouUse } from '../../../domain/tou-tables.js'
import type { CollectedTouTables } from '../../../storage/headend/collected-values.js'
import { insertValues } from '../../../storage/headend/store-values.js'
import { selectSeenTables, selectTables } from '../../../storage/mdm/tou-tables.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { at, dayTable, firstSets, touTables } from '../../mdm/tou-tables/tables.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'

const first = at('2026-07-01', 9)
const other = touTables({
  sets: [
    { zones: [{ from: '01-01', dayTable: 1 }], dayTables: [dayTable(['00:00', 3])] },
    { zones: null, dayTables: [] },
  ],
})

function read(readAt: number, tables: TouTables = touTables(), use: Partial<TouUse> = {}): CollectedTouTables {
  const frame = {
    protocol: 'dlt645_2007',
    request: Buffer.from('ask'),
    response: Buffer.from(`tables ${readAt}`),
    receivedAt: readAt,
  } as const
  return {
    kind: 'tou_tables',
    meterId: 1n,
    readAt,
    tables,
    use: { ...firstSets, ...use },
    evidence: { frame, slice: null },
  }
}

async function open(database: TestDatabase) {
  await plantRegistry(database.as('owner'), [
    { lineId: 1, code: 'line', kind: 'dlt645_tcp', settings: {}, meters: [1] },
  ])
  await database.as('headend').transaction((tx) => ensureTimePartitions(tx, first - dayMs, first + 40 * dayMs))
  return {
    store: (...values: readonly CollectedTouTables[]) =>
      database
        .as('headend')
        .transaction((tx) =>
          insertValues(tx, values, { lineId: 1n, recordedAt: (values.at(-1)?.readAt ?? first) + 1000 }),
        ),
    count: async (table: string) => {
      const [row] = await database.as('reader').query<{ readonly n: bigint }>(`select count(*) as n from ${table}`)
      return Number(row?.n ?? 0)
    },
    seen: (knownAt: number) => selectSeenTables(database.as('mdm'), { meterIds: [1n], knownAt }),
  }
}

t.test('unchanged tables write one line and no frames, and the tables themselves once', async (t) => {
  const database = await withDatabase(t)
  const { store, count } = await open(database)
  t.same(await store(read(first)), ['created'])
  t.same(await store(read(first + dayMs)), ['exists'])
  t.same(await store(read(first + 2 * dayMs), touRead()), ['exists', 'created'])
  t.same(await store(read(first + 2 * dayMs)), ['exists'], 'the same read again')
  t.equal(await count('tou_reading'), 4)
  t.equal(await count('tou_tables'), 2)
  t.equal(await count('frame'), 2, 'of the first read and of the change')
  t.equal(await count('tou_reading where line_sequence is null'), 2)
  function touRead() {
    return read(first + 2 * dayMs + hourMs, other)
  }
})

t.test('what was seen from when to when, as known at an instant', async (t) => {
  const database = await withDatabase(t)
  const { store, seen } = await open(database)
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((day) => first + day * dayMs) as [number, number, number, number, number]
  await store(read(a))
  await store(read(b))
  await store(read(c, other))
  await store(read(d))
  await store(read(e, touTables(), { dayTableSet: 2 }))
  const rows = await seen(e + hourMs)
  t.same(
    rows.map(({ firstSeenAt, lastSeenAt, dayTableSet }) => [firstSeenAt, lastSeenAt, dayTableSet]),
    [
      [a, b, 1],
      [c, c, 1],
      [d, d, 1],
      [e, e, 2],
    ],
  )
  t.equal(rows[0]?.digest, rows[2]?.digest, 'they came back')
  t.same((await seen(c - 1)).length, 1, 'what was recorded later is not known yet')
  const tables = await selectTables(database.as('mdm'), [rows[0]?.digest ?? '', rows[1]?.digest ?? ''])
  t.same(tables.get(rows[0]?.digest ?? ''), touTables())
  t.same(tables.get(rows[1]?.digest ?? ''), other)
})

t.test('nobody but the head-end writes tables, and nobody changes them', async (t) => {
  const database = await withDatabase(t)
  const { store } = await open(database)
  await store(read(first))
  for (const role of ['mdm', 'console', 'billing', 'reader'] as const)
    await t.rejects(database.as(role).execute(`insert into tou_reading select * from tou_reading`), /permission denied/)
  await t.rejects(database.as('headend').execute('update tou_reading set zone_table = 2'), /permission denied/)
  await t.rejects(database.as('headend').execute('delete from tou_tables'), /permission denied/)
})
