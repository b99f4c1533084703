import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toRegisters } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'
import type { NullableRegisters } from './exception-decisions.js'

interface Key {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
}

/** What stands under a key now; `missing` where nothing was ever decided. */
export interface StandingReading {
  readonly verdict: string
  readonly registers: RegisterSet | null
}

export async function readStanding(client: Queryable, { meterId, quantity, readAt }: Key): Promise<StandingReading> {
  const [row] = await client.query<NullableRegisters & { readonly verdict: string }>(
    `select verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 from validation_decision
      where meter_id = $1 and quantity = $2 and read_at = $3 order by revision desc limit 1`,
    [meterId, quantity, toTimestamptz(readAt)],
  )
  if (row === undefined) return { verdict: 'missing', registers: null }
  const { verdict, total_e4, ...tou } = row
  return { verdict, registers: total_e4 === null ? null : toRegisters({ total_e4, ...tou }) }
}

/** CT × PT of the usage point at the instant; 1 where the registry says nothing. */
export async function multiplierAt(
  client: Queryable,
  { usagePointId, readAt }: { readonly usagePointId: bigint | null; readonly readAt: Instant },
): Promise<bigint> {
  const [row] = await client.query<{ readonly multiplier: bigint }>(
    `select (ct_ratio::bigint * pt_ratio) as multiplier from multiplier_as_of('infinity', $2) where usage_point_id = $1`,
    [usagePointId, toTimestamptz(readAt)],
  )
  return row?.multiplier ?? 1n
}

/** An account in the latest freeze of a period that the reading begins or ends. */
export interface FrozenAccount {
  readonly accountCode: string
  readonly periodStart: Instant
  readonly periodEnd: Instant
  /** kWh e4 after the multiplier; null where the freeze holds the account. */
  readonly energyE4: bigint | null
  readonly hold: string | null
  /** How often the reading ends a segment of the account less how often it begins one, each by its multiplier. */
  readonly weight: number
}

export function readFrozenAccounts(
  client: Queryable,
  { meterId, readAt, usagePointId }: Key & { readonly usagePointId: bigint | null },
): Promise<readonly FrozenAccount[]> {
  return client.query<FrozenAccount>(
    `with latest as (
       select distinct on (organisation_id, period_start, period_end) set_id, period_start, period_end from determinant_set
        where period_start <= $2 and period_end >= $2
        order by organisation_id, period_start, period_end, revision desc)
     select a.code as "accountCode", d.period_start as "periodStart", d.period_end as "periodEnd", d.energy_e4 as "energyE4",
            null as hold, w.weight::integer as weight
       from latest l
       join determinant d using (set_id)
       join account a using (account_id)
      cross join lateral (
        select sum(case when e.end_at = $2 then e.multiplier else 0 end - case when e.start_at = $2 then e.multiplier else 0 end) as weight
          from unnest(d.meter_ids, d.multipliers, d.start_reads, d.end_reads) e (meter_id, multiplier, start_at, end_at)
         where e.meter_id = $1 and $2 in (e.start_at, e.end_at)) w
      where $1 = any(d.meter_ids) and w.weight is not null
     union all
     select a.code, l.period_start, l.period_end, null, h.code, 0
       from latest l
       join determinant_hold h using (set_id)
       join account a using (account_id)
      where exists (select from agreement_timeline t
                     where t.account_id = h.account_id and t.usage_point_id = $3 and t.effective_from < l.period_end
                       and (t.effective_to is null or t.effective_to > l.period_start)
                       and t.revision = (select max(n.revision) from agreement_timeline n where n.account_id = t.account_id))
     order by 2, 1`,
    [meterId, toTimestamptz(readAt), usagePointId],
  )
}
