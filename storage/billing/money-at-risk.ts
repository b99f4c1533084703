import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/**
 * What each account is about to be billed for the local month that holds `now`, from its last issued bills: mean price of what they
 * billed, and their energy per day over the days of the month. Accounts without a bill have no row. @returns rows that say something new.
 */
export function writeMoneyAtRisk(
  billing: Queryable,
  { now, bills }: { readonly now: Instant; readonly bills: number },
): Promise<number> {
  return billing.execute(
    `with recent as (
       select b.account_id, b.energy_e4, b.amount_fen, b.period_end - b.period_start as length,
              row_number() over (partition by b.account_id order by b.period_start desc) as place
         from bill b join segment_issue i using (segment_id) where b.period_end <= $1::timestamptz and i.issued_at <= $1),
     billed as (
       select account_id, sum(energy_e4) as energy_e4, sum(amount_fen) as amount_fen, sum(extract(epoch from length)) as seconds
         from recent where place <= $2 group by account_id having sum(energy_e4) > 0 and sum(amount_fen) >= 0),
     expected as (
       select b.account_id, m.starts_at as period_start,
              round(b.amount_fen * 10000000000 / b.energy_e4)::bigint as price_e8,
              round(b.energy_e4 * extract(epoch from m.ends_at - m.starts_at) / b.seconds)::bigint as expected_energy_e4
         from billed b join account using (account_id) join organisation o using (organisation_id)
        cross join lateral (
          select date_trunc('month', $1 at time zone o.time_zone) at time zone o.time_zone as starts_at,
                 (date_trunc('month', $1 at time zone o.time_zone) + interval '1 month') at time zone o.time_zone as ends_at) m)
     insert into money_at_risk (account_id, period_start, revision, price_e8, expected_energy_e4, recorded_at)
     select e.account_id, e.period_start, coalesce(l.revision, 0) + 1, e.price_e8, e.expected_energy_e4, $1
       from expected e
       left join lateral (
         select r.* from money_at_risk r where (r.account_id, r.period_start) = (e.account_id, e.period_start)
          order by r.revision desc limit 1) l on true
      where (l.price_e8, l.expected_energy_e4) is distinct from (e.price_e8, e.expected_energy_e4)
         on conflict do nothing`,
    [toTimestamptz(now), bills],
  )
}
