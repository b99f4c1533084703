import { dayMs } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { toTimestamptz } from '../storage/type-parsers.js'

/** The local midnight (Beijing) whose readings are validated; before it lie the days of history. */
export const veeMidnight = Date.UTC(2026, 6, 1, 16)
export const historyDays = 30
const metersPerArea = 200

/**
 * Meters in areas of 200, each with a total and four tariff registers, `historyDays` accepted midnights, a clock check, and one day of
 * claims nobody has judged. A meter uses between 2 and 22 kWh a day, more or less by a third. On the last day, of a thousand meters one
 * shows less than before, one fifty times its usual day, and one has a second claim.
 */
export async function fillVee(owner: Database, meters: number): Promise<void> {
  const since = `'2026-01-01 00:00+08'::timestamptz`
  const statements = [
    `insert into actor values ('bench', 'bench', 'process', ${since})`,
    `insert into organisation values (1, 'county', null, 'c', 'county', 'Asia/Shanghai', 'CNY', 2)`,
    `insert into grid_cell values (1, 1, 'cell', 'cell', 'bench', null)`,
    `insert into transformer_area select n, 1, 'area-' || n, 'a' from generate_series(0, $1::bigint / ${metersPerArea}) n`,
    `insert into line select n, 1, 'line-' || n, 'dlt645_tcp', '{}' from generate_series(0, $1::bigint / 500) n`,
    `insert into meter select n, 'meter-' || n, 'dlt645_2007', lpad(n::text, 12, '0'), 'dlt645', 6, 2 from generate_series(1, $1::bigint) n`,
    `insert into usage_point select n, 1, 'point-' || n, n / ${metersPerArea}, 1, 'x' from generate_series(1, $1::bigint) n`,
    `insert into customer select n, 'customer-' || n, 'c', case when n % 20 = 0 then 'commercial' else 'residential' end, false from generate_series(1, $1::bigint) n`,
    `insert into account select n, 1, 'account-' || n, n from generate_series(1, $1::bigint) n`,
    `insert into installation_timeline select n, 1, ${since}, null, n, n / 500, ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
    `insert into multiplier_timeline select n, 1, ${since}, null, 1, 1, ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
    `insert into agreement_timeline (account_id, revision, effective_from, usage_point_id, tariff_code, ladder_from, recorded_at, actor_id, reason)
     select n, 1, ${since}, n, 'r1', '2026-01-01', ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
  ]
  for (const statement of statements) await owner.execute(statement, statement.includes('$1') ? [meters] : [])
  for (let day = historyDays; day > 0; day--)
    await fillDecisions(owner, meters, veeMidnight - day * dayMs, historyDays - day)
  await fillClaims(owner, meters, veeMidnight)
  await owner.execute('analyze')
}

/** Registers of meter n after `day` days, in hundredths of a kWh: a sum in closed form. */
const registersSql = (day: number, misread = '0') => `
  lateral (select 200 + (n * 7919) % 2000 as usual) u,
  lateral (select 1000000 + (n * 2654435761) % 40000000 + usual * ${day} + (n * 13 + ${day} * 101) % (usual / 3) + ${misread} as total) t,
  lateral (select total * 100 as total_e4, total / 10 * 100 as tou1_e4, total / 5 * 100 as tou2_e4, total / 4 * 100 as tou3_e4) r`

async function fillDecisions(owner: Database, meters: number, midnight: number, day: number): Promise<void> {
  await owner.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, rules, reason, recorded_at, policy_version)
     select n, 1, $2, 1, 'accepted', total_e4, tou1_e4, tou2_e4, tou3_e4, total_e4 - tou1_e4 - tou2_e4 - tou3_e4, 1, '{}', '', $2::timestamptz + interval '8 hours', 'built-in/1'
       from generate_series(1, $1::bigint) n, ${registersSql(day)}`,
    [meters, toTimestamptz(midnight)],
  )
}

const lastDay = registersSql(historyDays, 'case n % 1000 when 1 then -usual * 5 when 2 then usual * 49 else 0 end')

async function fillClaims(owner: Database, meters: number, midnight: number): Promise<void> {
  const parameters = [meters, toTimestamptz(midnight)]
  const columns =
    'meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, frame_received_at, recorded_at'
  const statements = [
    `insert into reading (${columns})
     select n, 1, $2, total_e4, tou1_e4, tou2_e4, tou3_e4, total_e4 - tou1_e4 - tou2_e4 - tou3_e4, 1, n / 500, at, at
       from generate_series(1, $1::bigint) n, ${lastDay}, lateral (select $2::timestamptz + interval '1 hour' as at) a`,
    `insert into reading_claim (${columns}, claim_digest)
     select meter_id, quantity, read_at, total_e4 + 100, tou1_e4 + 100, tou2_e4, tou3_e4, tou4_e4, source, line_id, frame_received_at, recorded_at, 'x'
       from reading where meter_id % 1000 = 3 and meter_id <= $1 and read_at = $2`,
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at) select n, $2, n, n / 500, $2 from generate_series(1, $1::bigint) n`,
    `insert into clock_check (meter_id, checked_at, meter_time, offset_ms, uncertainty_ms, class, line_id, frame_received_at, recorded_at)
     select n, at, at, 0, 1000, case when n % 10000 = 4 then 'out_of_limit' else 'ok' end, n / 500, at, at
       from generate_series(1, $1::bigint) n, lateral (select $2::timestamptz - interval '1 day' * (n % 7 + 0.5) as at) a`,
  ]
  for (const statement of statements) await owner.execute(statement, parameters)
}
