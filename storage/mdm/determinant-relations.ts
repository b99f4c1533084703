import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

type PeriodQuery = Omit<FreezeQuery, 'organisationId' | 'liveToleranceMs'>

/** A relation as it stands in the registry, clipped to the period. */
export interface RelationRow {
  readonly childId: bigint
  readonly parentId: bigint
  readonly kind: 'main_sub' | 'deducted' | 'share' | 'quantity'
  readonly shareE6: bigint
  readonly quantityE4: bigint
  readonly from: Instant
  readonly to: Instant
}

/** Relations between usage points that hold at some time of the period, by child and time. Few: most usage points have none. */
export async function readRelations(client: Queryable, query: PeriodQuery): Promise<readonly RelationRow[]> {
  const rows = await client.query<{
    usage_point_id: bigint
    parent_id: bigint
    kind: RelationRow['kind']
    share_e6: bigint
    quantity_e4: bigint
    from_at: Instant
    to_at: Instant
  }>(
    `select t.usage_point_id, t.parent_id, t.kind, coalesce(t.share_e6, 0)::bigint as share_e6, coalesce(t.quantity_e4, 0) as quantity_e4,
            greatest(t.effective_from, $1) as from_at, least(t.effective_to, $2) as to_at
       from relation_timeline t
       join (select usage_point_id, max(revision) as revision from relation_timeline where recorded_at <= $3 group by usage_point_id) r
         using (usage_point_id, revision)
      where t.effective_from < $2 and coalesce(t.effective_to, 'infinity') > $1
      order by t.usage_point_id, t.effective_from`,
    periodParameters(query),
  )
  return rows.map((row) => ({
    childId: row.usage_point_id,
    parentId: row.parent_id,
    kind: row.kind,
    shareE6: row.share_e6,
    quantityE4: row.quantity_e4,
    from: row.from_at,
    to: row.to_at,
  }))
}

/** The transformer behind which a usage point lies over a part of the period. Scales as in the registry: kW e4, per cent e4. */
export interface TransformerRow {
  readonly usagePointId: bigint
  readonly code: string
  readonly ratedKva: bigint
  readonly noLoadLossKwE4: bigint
  readonly loadLossKwE4: bigint
  readonly noLoadCurrentE4: bigint | null
  readonly impedanceE4: bigint | null
  readonly from: Instant
  readonly to: Instant
}

/** Transformers whose losses the meters behind them do not see: those metered on the low side. By usage point and time. */
export async function readLowSideTransformers(
  client: Queryable,
  query: PeriodQuery,
): Promise<readonly TransformerRow[]> {
  const rows = await client.query<{
    usage_point_id: bigint
    transformer_code: string
    rated_kva: bigint
    no_load_loss_kw_e4: bigint
    load_loss_kw_e4: bigint
    no_load_current_e4: bigint | null
    impedance_e4: bigint | null
    from_at: Instant
    to_at: Instant
  }>(
    `select t.usage_point_id, t.transformer_code, t.rated_kva::bigint as rated_kva, t.no_load_loss_kw_e4, t.load_loss_kw_e4,
            t.no_load_current_e4, t.impedance_e4, greatest(t.effective_from, $1) as from_at, least(t.effective_to, $2) as to_at
       from transformer_timeline t
       join (select usage_point_id, max(revision) as revision from transformer_timeline where recorded_at <= $3 group by usage_point_id) r
         using (usage_point_id, revision)
      where t.metering_side = 'low' and t.effective_from < $2 and coalesce(t.effective_to, 'infinity') > $1
      order by t.usage_point_id, t.effective_from`,
    periodParameters(query),
  )
  return rows.map((row) => ({
    usagePointId: row.usage_point_id,
    code: row.transformer_code,
    ratedKva: row.rated_kva,
    noLoadLossKwE4: row.no_load_loss_kw_e4,
    loadLossKwE4: row.load_loss_kw_e4,
    noLoadCurrentE4: row.no_load_current_e4,
    impedanceE4: row.impedance_e4,
    from: row.from_at,
    to: row.to_at,
  }))
}

/** Accounts with an agreement at one of the usage points in the period, by usage point and account. */
export async function readAccountsOfPoints(
  client: Queryable,
  query: FreezeQuery,
  points: readonly bigint[],
): Promise<readonly { readonly usagePointId: bigint; readonly accountId: bigint; readonly isOurs: boolean }[]> {
  const rows = await client.query<{ usage_point_id: bigint; account_id: bigint; is_ours: boolean }>(
    `with recursive tree as (
       select organisation_id from organisation where organisation_id = $5
       union all
       select o.organisation_id from organisation o join tree on o.parent_id = tree.organisation_id)
     select distinct a.usage_point_id, a.account_id, c.organisation_id in (select organisation_id from tree) as is_ours
       from agreement_timeline a
       join account c using (account_id)
      where a.usage_point_id = any($4::bigint[]) and a.recorded_at <= $3
        and a.effective_from < $2 and coalesce(a.effective_to, 'infinity') > $1
        and not exists (select from agreement_timeline n
                         where n.account_id = a.account_id and n.revision > a.revision and n.recorded_at <= $3)
      order by a.usage_point_id, a.account_id`,
    [...periodParameters(query), points, query.organisationId],
  )
  return rows.map((row) => ({ usagePointId: row.usage_point_id, accountId: row.account_id, isOurs: row.is_ours }))
}

export interface PointName {
  readonly code: string
  readonly timeZone: string
}

export async function readPointNames(
  client: Queryable,
  points: readonly bigint[],
): Promise<ReadonlyMap<bigint, PointName>> {
  if (points.length === 0) return new Map()
  const rows = await client.query<PointName & { readonly usagePointId: bigint }>(
    `select u.usage_point_id as "usagePointId", u.code, o.time_zone as "timeZone"
       from usage_point u join organisation o using (organisation_id) where u.usage_point_id = any($1::bigint[])`,
    [points],
  )
  return new Map(rows.map(({ usagePointId, ...name }) => [usagePointId, name]))
}

function periodParameters({ periodStart, periodEnd, knownAt }: PeriodQuery) {
  return [toTimestamptz(periodStart), toTimestamptz(periodEnd), toTimestamptz(knownAt)] as const
}
