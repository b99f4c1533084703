import type { MeterId } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { createCopyReader } from '../copy-fields.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A meter whose keys of a quantity are to be decided from an instant on, with all others of its transformer area. */
export interface ScopeRow {
  /** Null: no usage point has ever had the meter, so that it has no neighbours. */
  readonly areaId: bigint | null
  readonly meterId: MeterId
  readonly quantity: number
  readonly firstAt: Instant
}

export interface Scope {
  /** Half-open range of read_at in which claims are looked for. */
  readonly from: Instant
  readonly to: Instant
  readonly knownAt: Instant
  /** Whether all claims of the range count, or only those that no decision has seen. */
  readonly again: boolean
  /** Judged again are the claims of these meters only, with their neighbours; null: of all. */
  readonly meterIds: readonly MeterId[] | null
}

/**
 * What has to be decided, by area, meter and quantity: where one meter of an area has a claim that no decision has seen, its neighbours
 * are looked at again, too. A claim recorded in the same instant as the decision counts as unseen, which is harmless; a person's decision
 * has seen it. What follows a person's decision on its meter was judged against what stood there before, and is judged anew.
 */
export async function copyScope(client: Queryable, scope: Scope, take: (row: ScopeRow) => void): Promise<void> {
  const reader = createCopyReader(4, (fields) =>
    take({
      areaId: fields.isNull(0) ? null : fields.int8(0),
      meterId: fields.int8(1),
      quantity: fields.int2(2),
      firstAt: fields.instant(3),
    }),
  )
  await client.copyOut(scopeSql(scope), reader.push)
  reader.end()
}

/** For how long what follows a person's decision is looked at again; runs are nightly. */
const followUpMs = 7 * dayMs

function scopeSql({ from, to, knownAt, again, meterIds }: Scope): string {
  const within = (readAt: string): string =>
    `${readAt} >= '${toTimestamptz(from)}' and ${readAt} < '${toTimestamptz(to)}'`
  const range = within('read_at')
  const isWished = meterIds === null ? '' : `and meter_id = any('{${meterIds.join(',')}}'::bigint[])`
  const unseen = again
    ? ''
    : `left join (select meter_id, quantity, read_at,
                         max(recorded_at) filter (where decided_by is null) as decided_at,
                         max(recorded_at) filter (where decided_by is not null) as person_at
                    from validation_decision
                   where ${range} and (verdict <> 'estimated' or decided_by is not null)
                   group by meter_id, quantity, read_at) d using (meter_id, quantity, read_at)`
  const isUnseen = again
    ? ''
    : `and (d.decided_at is null or c.recorded_at >= d.decided_at or d.person_at >= d.decided_at)
       and (d.person_at is null or c.recorded_at > d.person_at)`
  return `copy (
    with changed as materialized (
           select c.meter_id, c.quantity, min(c.read_at) as first_at
             from (select meter_id, quantity, read_at, recorded_at from reading_claims where ${range} ${isWished}) c ${unseen}
            where true ${isUnseen}
            group by c.meter_id, c.quantity
           union all
           select v.meter_id, v.quantity, min(v.read_at)
             from (select meter_id, quantity, read_at, max(recorded_at) as person_at from validation_decision
                    where decided_by is not null and ${range} and recorded_at > '${toTimestamptz(knownAt - followUpMs)}'
                    group by meter_id, quantity, read_at) p
             join validation_decision v on v.meter_id = p.meter_id and v.quantity = p.quantity and v.read_at > p.read_at
              and v.decided_by is null and v.recorded_at < p.person_at and ${within('v.read_at')}
            group by v.meter_id, v.quantity),
         home as materialized (
           select distinct on (i.meter_id) i.meter_id, u.transformer_area_id
             from installation_timeline i join usage_point u using (usage_point_id)
            where i.recorded_at <= '${toTimestamptz(knownAt)}'
            order by i.meter_id, i.effective_from desc, i.revision desc),
         affected as (
           select h.transformer_area_id, c.quantity, min(c.first_at) as first_at
             from changed c join home h using (meter_id) group by h.transformer_area_id, c.quantity)
    select a.transformer_area_id, h.meter_id, a.quantity, a.first_at from affected a join home h using (transformer_area_id)
    union all
    select null, c.meter_id, c.quantity, min(c.first_at) from changed c where not exists (select from home h where h.meter_id = c.meter_id)
     group by c.meter_id, c.quantity
    order by 1, 2, 3) to stdout (format binary)`
}
