import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

/** Master data of an account of which no bill may come; the codes are those of the master-data audit. */
export interface RegistryFault {
  readonly accountId: bigint
  readonly code: 'no_contract_capacity' | 'parent_without_meter' | 'address_twice'
  /** The object at fault. */
  readonly object: string
}

/** Faults that hold at some time of the period, as known at `knownAt`, whosever accounts they touch; few, by account. */
export async function readRegistryFaults(
  client: Queryable,
  { periodStart, periodEnd, knownAt }: Pick<FreezeQuery, 'periodStart' | 'periodEnd' | 'knownAt'>,
): Promise<readonly RegistryFault[]> {
  return client.query<RegistryFault>(registryFaults, [periodStart, periodEnd, knownAt].map(toTimestamptz))
}

/** Columns of the rows of a timeline that overlap the period. Hardly any object has a second revision, which spares the server a sort. */
const within = (table: string, key: string, columns: string) => `
  select ${key}, ${columns} from ${table} t
   where t.recorded_at <= $3 and t.effective_from < $2 and coalesce(t.effective_to, 'infinity') > $1
     and not exists (select from ${table} n
                      where n.${key} = t.${key} and n.revision > 1 and n.revision > t.revision and n.recorded_at <= $3)`

const registryFaults = `
  with agreements as (${within('agreement_timeline', 'account_id', 'usage_point_id, tariff_code, usage_class, contract_capacity_kva')}),
  installations as (${within('installation_timeline', 'usage_point_id', 'meter_id, line_id, effective_from, effective_to')}),
  relations as (${within('relation_timeline', 'usage_point_id', 'parent_id, kind')}),
  repeated as materialized (
    select protocol, communication_address from meter group by protocol, communication_address having count(*) > 1),
  addressed as (
    select i.usage_point_id, i.line_id, i.effective_from, i.effective_to, i.meter_id, m.code, m.protocol, m.communication_address
      from repeated join meter m using (protocol, communication_address) join installations i using (meter_id)),
  shared as materialized (
    select line_id, protocol, communication_address from addressed
     group by line_id, protocol, communication_address having min(meter_id) <> max(meter_id)),
  twice as (
    select a.usage_point_id, a.code
      from shared join addressed a using (line_id, protocol, communication_address)
     where exists (select from addressed b
                    where (b.line_id, b.protocol, b.communication_address) = (a.line_id, a.protocol, a.communication_address)
                      and b.meter_id <> a.meter_id and b.effective_from < coalesce(a.effective_to, 'infinity')
                      and coalesce(b.effective_to, 'infinity') > a.effective_from)),
  orphans as (
    select r.usage_point_id, r.parent_id, p.code
      from relations r join usage_point p on p.usage_point_id = r.parent_id
     where not exists (select from installations i where i.usage_point_id = r.parent_id)
       and not exists (select from relations g where g.usage_point_id = r.parent_id and g.kind in ('share', 'quantity')))
  select account_id as "accountId", 'no_contract_capacity' as code, tariff_code as object from agreements
   where usage_class = 'large_industrial' and contract_capacity_kva is null
  union
  select a.account_id, 'parent_without_meter', o.code
    from orphans o
   cross join lateral (values (o.usage_point_id), (o.parent_id)) p (point_id)
    join agreements a on a.usage_point_id = p.point_id
  union
  select a.account_id, 'address_twice', t.code from twice t join agreements a using (usage_point_id)
   order by "accountId", code, object`
