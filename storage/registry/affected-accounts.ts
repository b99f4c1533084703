import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Usage points with whatever they are, or ever were, parts of, and with those that share, or shared, a transformer with them; `$1` are their ids. */
export const linkedPoints = `
  linked as (
    select p.usage_point_id from unnest($1::bigint[]) p (usage_point_id)
    union
    select b.usage_point_id
      from linked l
     cross join lateral (
       select case when t.usage_point_id = l.usage_point_id then t.parent_id else t.usage_point_id end as usage_point_id
         from relation_timeline t where l.usage_point_id in (t.usage_point_id, t.parent_id)
       union
       select o.usage_point_id from transformer_timeline t join transformer_timeline o using (transformer_code)
        where t.usage_point_id = l.usage_point_id) b)`

export interface BillOnRecord {
  readonly account: string
  readonly billNumber: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
}

/** Bills issued for time from an instant on, or up to it, of accounts at some usage points and at those related to them. */
export function billsIssuedFrom(
  client: Queryable,
  usagePointIds: readonly bigint[],
  from: Instant,
): Promise<readonly BillOnRecord[]> {
  return client.query<BillOnRecord>(
    `with recursive ${linkedPoints}
     select distinct a.code as account, b.bill_number as "billNumber", b.period_start as "periodStart", b.period_end as "periodEnd"
       from linked join agreement_timeline g using (usage_point_id)
       join issued_bill b on b.account_id = g.account_id
        and g.effective_from < b.period_end and coalesce(g.effective_to, 'infinity') > b.period_start
       join account a on a.account_id = b.account_id
      where b.period_end >= $2
      order by b.period_start, a.code`,
    [usagePointIds, toTimestamptz(from)],
  )
}

/** Where an account was supplied, by its last revision. */
export async function pointsOfAccount(client: Queryable, accountId: bigint): Promise<readonly bigint[]> {
  const rows = await client.query<{ readonly usage_point_id: bigint }>(
    `select distinct usage_point_id from agreement_timeline where account_id = $1
        and revision = (select max(revision) from agreement_timeline where account_id = $1) order by 1`,
    [accountId],
  )
  return rows.map((row) => row.usage_point_id)
}

/** Meters that hung at usage points at or after an instant, by any revision: whatever was ever believed of them is judged anew. */
export async function metersEverAt(
  client: Queryable,
  usagePointIds: readonly bigint[],
  from: Instant,
): Promise<readonly bigint[]> {
  const rows = await client.query<{ readonly meter_id: bigint }>(
    `select distinct meter_id from installation_timeline
      where usage_point_id = any($1::bigint[]) and coalesce(effective_to, 'infinity') >= $2 order by 1`,
    [usagePointIds, toTimestamptz(from)],
  )
  return rows.map((row) => row.meter_id)
}

export interface FrozenPeriod {
  readonly organisation: string
  readonly periodStart: Instant
  readonly periodEnd: Instant
}

/**
 * Periods that were frozen and have, with both of their ends, an instant of [from, to] in them, with accounts at some usage points or at those
 * related to them; `to` null: however late.
 */
export function frozenPeriodsOf(
  client: Queryable,
  usagePointIds: readonly bigint[],
  { from, to }: { readonly from: Instant; readonly to: Instant | null },
): Promise<readonly FrozenPeriod[]> {
  return client.query<FrozenPeriod>(
    `with recursive ${linkedPoints},
     supplied as (select distinct account_id from linked join agreement_timeline using (usage_point_id)),
     last_set as (
       select distinct on (organisation_id, period_start, period_end) * from determinant_set where period_end >= $2 and ($3::timestamptz is null or period_start <= $3)
        order by organisation_id, period_start, period_end, revision desc)
     select o.code as organisation, s.period_start as "periodStart", s.period_end as "periodEnd"
       from last_set s join organisation o using (organisation_id)
      where exists (select from supplied p join determinant d on (d.set_id, d.account_id) = (s.set_id, p.account_id))
         or exists (select from supplied p join determinant_hold h on (h.set_id, h.account_id) = (s.set_id, p.account_id))
      order by s.period_start, o.code`,
    [usagePointIds, toTimestamptz(from), to === null ? null : toTimestamptz(to)],
  )
}

/** How an account of some usage points, or of those related to them, stands in a set. */
export interface AccountInSet {
  readonly account: string
  /** Null where it is held. */
  readonly energyE4: bigint | null
  readonly holdCode: string | null
  readonly holdDetail: string | null
}

export function accountsInSet(
  client: Queryable,
  usagePointIds: readonly bigint[],
  setId: bigint,
): Promise<readonly AccountInSet[]> {
  return client.query<AccountInSet>(
    `with recursive ${linkedPoints}
     select a.code as account, d.energy_e4 as "energyE4", h.code as "holdCode", h.detail as "holdDetail"
       from (select distinct account_id from linked join agreement_timeline using (usage_point_id)) s
       join account a using (account_id)
       left join determinant d on (d.set_id, d.account_id) = ($2, s.account_id)
       left join determinant_hold h on (h.set_id, h.account_id) = ($2, s.account_id)
      where d.account_id is not null or h.account_id is not null
      order by a.code`,
    [usagePointIds, setId],
  )
}

/** Until when accounts of usage points were frozen last, held or not, by the code of the usage point; those of which nothing was frozen are left out. */
export async function readFrozenUntil(
  client: Queryable,
  usagePoints: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  if (usagePoints.length === 0) return new Map()
  const rows = await client.query<{ readonly code: string; readonly until: Instant }>(
    `select u.code, max(s.period_end) as until
       from usage_point u
       join agreement_timeline g using (usage_point_id)
       join determinant_set s on s.period_end > g.effective_from
      where u.code = any($1)
        and (exists (select from determinant d where (d.set_id, d.account_id) = (s.set_id, g.account_id))
             or exists (select from determinant_hold h where (h.set_id, h.account_id) = (s.set_id, g.account_id)))
      group by u.code`,
    [usagePoints],
  )
  return new Map(rows.map(({ code, until }) => [code, until]))
}
