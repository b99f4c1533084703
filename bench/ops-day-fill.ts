import { dayMs } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { toTimestamptz } from '../storage/type-parsers.js'

/** The local midnight (Beijing) whose points are filled, and the day before it. */
export const filledMidnight = Date.UTC(2026, 6, 1, 16)

/**
 * A utility of `meters` on lines of 500 and areas of 200, two days of due points and readings: of a thousand points five are read at a
 * second attempt, three from the freeze memory and two not at all.
 */
export async function fillDueDays(owner: Database, meters: number): Promise<void> {
  const since = `'2026-05-31 16:00+00'::timestamptz`
  const statements = [
    `insert into actor values ('bench', 'bench', 'process', ${since}), ('bench2', 'bench', 'process', ${since})`,
    `insert into organisation values (1, 'province', null, 'p', 'province', 'Asia/Shanghai', 'CNY', 2), (2, 'city', 1, 'c', 'city', 'Asia/Shanghai', 'CNY', 2)`,
    `insert into organisation select 2 + n, 'county-' || n, 2, 'c', 'county', 'Asia/Shanghai', 'CNY', 2 from generate_series(1, 5) n`,
    `insert into grid_cell values (1, 3, 'cell', 'cell', 'bench', null)`,
    `insert into transformer_area select n, 3 + n % 5, 'area-' || n, 'a' from generate_series(0, $1::bigint / 200) n`,
    `insert into crew select n, 3, 'crew-' || n, 'c' from generate_series(0, 19) n`,
    `insert into crew_area_timeline select n, 1, ${since}, null, n % 20, ${since}, 'bench', '' from generate_series(0, $1::bigint / 200) n`,
    `insert into line select n, 3 + n % 5, 'line-' || n, 'dlt645_tcp', '{}' from generate_series(0, $1::bigint / 500) n`,
    `insert into meter select n, 'meter-' || n, 'dlt645_2007', lpad(n::text, 12, '0'), 'dlt645', 6, 2 from generate_series(1, $1::bigint) n`,
    `insert into usage_point select n, 3 + (n / 200) % 5, 'point-' || n, n / 200, 1, 'x' from generate_series(1, $1::bigint) n`,
    `insert into installation_timeline select n, 1, ${since}, null, n, n / 500, ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
  ]
  for (const statement of statements) await owner.execute(statement, statement.includes('$1') ? [meters] : [])
  for (const midnight of [filledMidnight - dayMs, filledMidnight]) await fillDay(owner, meters, midnight)
  await owner.execute('analyze')
}

async function fillDay(owner: Database, meters: number, midnight: number): Promise<void> {
  const parameters = [meters, toTimestamptz(midnight)]
  await owner.execute(
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at)
     select n, $2, n, n / 500, $2 from generate_series(1, $1::bigint) n`,
    parameters,
  )
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, frame_received_at, recorded_at)
     select n, 1, $2, n, 0, 0, 0, 0, case when n % 1000 in (6, 7, 8) then 2 else 1 end, n / 500, at, at
       from generate_series(1, $1::bigint) n,
            lateral (select $2::timestamptz + interval '1 hour' * (case when n % 1000 in (6, 7, 8) then 24 else 1 end) as at) a
      where n % 1000 not in (9, 10)`,
    parameters,
  )
  await owner.execute(
    `insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at)
     select n, $2, a, 'no_reply', $2::timestamptz + interval '10 minutes' * a, $2::timestamptz + interval '10 minutes' * a
       from generate_series(1, $1::bigint) n, generate_series(1, 3) a where n % 1000 between 1 and 10`,
    parameters,
  )
}
