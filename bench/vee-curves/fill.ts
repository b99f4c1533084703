import { dayMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'

/** The month: local days of Beijing. */
export const month = { from: '2026-07-01', to: '2026-08-01', days: 31 } as const
export const monthStart = Date.UTC(2026, 5, 30, 16)
export const slotsPerDay = 96

/** Register of meter n at boundary j, in hundredths of a kWh: it rises by 1 to 29 of them in a quarter of an hour. */
const register = (j: string) => `100 * (n * 10000 + 15 * (${j}) + ((${j}) * 7919 + n) % 14)`

/** Of two hundred meters one misses two hours of every fifth day, another a day a month, a third one piece now and then. */
const isPlanted = `(n % 200 = 7 and day % 5 = 3 and slot between 40 and 47) or (n % 200 = 17 and day = 11) or (n % 200 = 27 and (n + slot * 7 + day) % 97 = 0)`

export async function fillRegistry(owner: Database, meters: number): Promise<void> {
  const since = `'2026-05-31 16:00+00'::timestamptz`
  const statements = [
    `insert into actor values ('bench', 'bench', 'process', ${since})`,
    `insert into organisation values (1, 'county', null, 'c', 'county', 'Asia/Shanghai', 'CNY', 2)`,
    `insert into grid_cell values (1, 1, 'cell', 'cell', 'bench', null)`,
    `insert into transformer_area values (1, 1, 'area', 'area')`,
    `insert into line values (1, 1, 'line', 'dlt645_tcp', '{}')`,
    `insert into meter select n, 'meter-' || n, 'dlt645_2007', lpad(n::text, 12, '0'), 'dlt645', 8, 2 from generate_series(1, $1::bigint) n`,
    `insert into usage_point select n, 1, 'point-' || n, 1, 1, 'x' from generate_series(1, $1::bigint) n`,
    `insert into installation_timeline select n, 1, ${since}, null, n, 1, ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
  ]
  for (const statement of statements) await owner.execute(statement, statement.includes('$1') ? [meters] : [])
}

/** Pieces and freezes of the meters [first, last] over the month, day by day as they come in. */
export async function fillMonth(owner: Database, first: number, last: number): Promise<void> {
  // The slot that closes the day before comes with the register from which the month begins.
  for (let day = -1; day < month.days; day++) {
    await owner.execute(
      `insert into interval_piece
       select n, 4, s, s + interval '15 minutes', sha256(int8send(n * 100000 + slot)), array[${register('$3::int * 96 + slot + 1')}, 0, 0, 0]::bigint[],
              1, n, s + interval '1 day', null, null, s + interval '1 day'
         from generate_series($1::bigint, $2::bigint) n, lateral (select $3::int as day) d, generate_series($4::int, 95) slot,
              lateral (select $5::timestamptz + slot * interval '15 minutes' as s) x
        where not (${isPlanted})`,
      [first, last, day, day < 0 ? slotsPerDay - 1 : 0, toTimestamptz(monthStart + day * dayMs)],
    )
  }
  await owner.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, source, rules, reason, recorded_at)
     select n, 1, at, 1, 'accepted', ${register('96 * day')}, 1, '{}', '', at
       from generate_series($1::bigint, $2::bigint) n, generate_series(0, $3::int) day, lateral (select $4::timestamptz + day * interval '1 day' as at) a`,
    [first, last, month.days, toTimestamptz(monthStart)],
  )
  await owner.execute('analyze interval_piece, validation_decision')
  await owner.execute('checkpoint')
}

/** Makes room for the next part. */
export async function emptyMonth(owner: Database): Promise<void> {
  await owner.execute('truncate interval_piece, validation_decision')
}
