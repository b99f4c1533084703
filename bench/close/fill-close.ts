import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'

/** The month that is closed: June 2026 by Beijing days. */
export const closeFrom = Date.UTC(2026, 4, 31, 16)
export const closeTo = Date.UTC(2026, 5, 30, 16)
export const closeTariff = 'sd-residential-tou'
const metersPerArea = 200

/**
 * So many households, each with a meter of a total and two tariff registers, accepted readings at both ends of the month, and its ladder
 * where the year has brought it: a third in the second block, some beyond.
 */
export async function fillClose(owner: Database, accounts: number): Promise<void> {
  const since = `'2026-01-01 00:00+08'::timestamptz`
  const statements = [
    `insert into organisation values (1, 'city', null, 'c', 'county', 'Asia/Shanghai', 'CNY', 2)`,
    `insert into grid_cell values (1, 1, 'cell', 'cell', 'bench', null)`,
    `insert into transformer_area select n, 1, 'area-' || n, 'a' from generate_series(0, $1::bigint / ${metersPerArea}) n`,
    `insert into line select n, 1, 'line-' || n, 'dlt645_tcp', '{}' from generate_series(0, $1::bigint / 500) n`,
    `insert into meter select n, 'meter-' || n, 'dlt645_2007', lpad(n::text, 12, '0'), 'dlt645', 6, 2 from generate_series(1, $1::bigint) n`,
    `insert into usage_point select n, 1, 'point-' || n, n / ${metersPerArea}, 1, 'x' from generate_series(1, $1::bigint) n`,
    `insert into customer select n, 'customer-' || n, 'c', 'residential', false from generate_series(1, $1::bigint) n`,
    `insert into account select n, 1, 'account-' || n, n from generate_series(1, $1::bigint) n`,
    `insert into installation_timeline select n, 1, ${since}, null, n, n / 500, ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
    `insert into multiplier_timeline select n, 1, ${since}, null, 1, 1, ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
    `insert into agreement_timeline (account_id, revision, effective_from, usage_point_id, tariff_code, ladder_from, recorded_at, actor_id, reason)
     select n, 1, ${since}, n, '${closeTariff}', '2026-01-01', ${since}, 'bench', '' from generate_series(1, $1::bigint) n`,
    `insert into opening_state (account_id, as_of, ladder_energy_e4, document, recorded_at, actor_id)
     select n, '${toTimestamptz(closeFrom)}', (n * 7919) % 36000000, 'bench', ${since}, 'bench' from generate_series(1, $1::bigint) n`,
    ...[closeFrom, closeTo].map(
      (
        at,
        end,
      ) => `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, rules, reason, recorded_at, policy_version)
        select n, 1, '${toTimestamptz(at)}', 1, 'accepted', tou2 + tou4, 0, tou2, 0, tou4, 1, '{}', '', '${toTimestamptz(at)}'::timestamptz + interval '8 hours', 'built-in/1'
          from generate_series(1, $1::bigint) n,
               lateral (select 100 * ((n * 2654435761) % 400000 + ${end} * (2000 + (n * 104729) % 38000)) as tou2,
                               100 * ((n * 40503) % 300000 + ${end} * (1000 + (n * 1299709) % 21000)) as tou4) r`,
    ),
    // The server tidies up what it has just been given, and nobody's time is spent on it.
    'vacuum analyze',
    'checkpoint',
  ]
  for (const statement of statements) await owner.execute(statement, statement.includes('$1') ? [accounts] : [])
}
