import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** The set that a period stands on by now. */
export interface LastSet {
  readonly setId: bigint
  readonly frozenAt: Instant
}

/** The last freeze of the period of a set, which may be the set itself. */
export async function lastSetOfPeriod(client: Queryable, setId: bigint): Promise<LastSet> {
  const [row] = await client.query<LastSet>(
    `select n.set_id as "setId", n.recorded_at as "frozenAt"
       from determinant_set s join determinant_set n using (organisation_id, period_start, period_end)
      where s.set_id = $1 order by n.revision desc limit 1`,
    [setId],
  )
  return row ?? { setId, frozenAt: 0 }
}

/** What was told or decided after a freeze and speaks of an account in a period. */
export interface ChangeSinceFreeze {
  readonly what: 'correction' | 'decision' | 'exchange' | 'change' | 'opening'
  /** Kind of what was corrected or changed, or what was decided; null for an exchange and an opening. */
  readonly kind: string | null
  /** What it is about: a usage point, an account, a meter; the code of an exception or an opening batch. */
  readonly object: string
  /** The change that was corrected, or the reading that was decided; null where it is of no instant. */
  readonly at: Instant | null
  readonly reason: string
  readonly document: string
  readonly author: string
  /** Null where one person was enough. */
  readonly approver: string | null
  readonly tookEffectAt: Instant
}

export interface ChangesWish {
  readonly accountId: bigint
  readonly since: Instant
  readonly from: Instant
  readonly to: Instant
  /** Leaves out what was followed by a freeze that came to the same and so is no set of its own. */
  readonly owedAlone: boolean
}

/**
 * Corrections, decisions and openings in effect, exchanges and other changes of agreement and multiplier told of, since an instant, that touch an account in [from, to]: its usage points by
 * any revision of its agreements, and the meters that hung there. The earliest first.
 */
export function changesSinceFreeze(client: Queryable, wish: ChangesWish): Promise<readonly ChangeSinceFreeze[]> {
  return client.query<ChangeSinceFreeze>(changes, [
    wish.accountId,
    toTimestamptz(wish.since),
    toTimestamptz(wish.from),
    toTimestamptz(wish.to),
    wish.owedAlone,
  ])
}

const changes = `
  with place as materialized (
    select distinct t.usage_point_id from agreement_timeline t
     where t.account_id = $1 and t.effective_from < $4 and (t.effective_to is null or t.effective_to > $3)),
  hung as materialized (
    select distinct i.meter_id from installation_timeline i join place using (usage_point_id)
     where i.effective_from <= $4 and (i.effective_to is null or i.effective_to >= $3)),
  done as materialized (
    select coalesce(max(r.recorded_at), '-infinity') as at from registry_correction_redo r join registry_correction c using (correction_id)
     where $5 and (c.account_id = $1 or c.usage_point_id in (select usage_point_id from place) or c.meter_id in (select meter_id from hung)))
  select 'correction' as what, c.kind, coalesce(u.code, a.code, m.code) as object, case when c.kind <> 'meter' then c.at end as at, c.reason,
         coalesce(c.document ->> 'document', '') as document, c.author, p.approver, p.approved_at as "tookEffectAt"
    from registry_correction c
    join registry_correction_approval p using (correction_id)
    left join usage_point u using (usage_point_id)
    left join account a using (account_id)
    left join meter m on m.meter_id = c.meter_id
   where p.approved_at > greatest($2, (select at from done)) and (c.at <= $4 or c.kind = 'meter')
     and (c.account_id = $1 or c.usage_point_id in (select usage_point_id from place) or c.meter_id in (select meter_id from hung))
  union all
  select 'decision', d.action, x.code, coalesce(x.read_at, x.period_start), d.reason, d.evidence, d.actor_id,
         (select min(v.approver) from exception_decision_approval v where v.decision_id = d.decision_id), f.recorded_at
    from exception_effect f
    join exception x using (exception_key)
    join exception_decision d using (decision_id)
    left join exception_decision y on y.decision_id = d.undoes
   where f.recorded_at > $2 and f.outcome = 'applied'
     and not ($5 and exists (select from exception_decision_redo r where r.decision_id = d.decision_id))
     and (f.validation_revision is not null or (x.kind = 'determinant_hold' and coalesce(y.action, d.action) in ('accept', 'reject')))
     and coalesce(x.read_at, x.period_start) between $3 and $4
     and (x.account_id = $1 or x.usage_point_id in (select usage_point_id from place) or x.meter_id in (select meter_id from hung))
  union all
  select 'exchange', null, u.code, e.exchanged_at, o.code || ' → ' || n.code, e.document, e.actor_id, null, e.recorded_at
    from meter_exchange_standing e
    join place using (usage_point_id)
    join usage_point u using (usage_point_id)
    join meter o on o.meter_id = e.old_meter_id
    join meter n on n.meter_id = e.new_meter_id
   where e.recorded_at > greatest($2, (select at from done)) and e.exchanged_at between $3 and $4
  union all
  select distinct 'change', 'agreement', a.code, null::timestamptz, t.reason, '', t.actor_id, null, t.recorded_at
    from agreement_timeline t join account a using (account_id)
   where t.account_id = $1 and t.recorded_at > greatest($2, (select at from done))
  union all
  select distinct 'change', 'multiplier', u.code, null::timestamptz, t.reason, '', t.actor_id, null, t.recorded_at
    from multiplier_timeline t join place using (usage_point_id) join usage_point u using (usage_point_id)
   where t.recorded_at > greatest($2, (select at from done))
  union all
  select 'opening', null, b.code, b.as_of, b.document, '', b.author,
         (select string_agg(v.approver, ' + ' order by v.approved_at, v.approver) from opening_batch_approval v where v.code = b.code), f.in_force_at
    from opening_batch_in_force f join opening_batch b using (code)
   where f.in_force_at > $2 and not ($5 and exists (select from opening_batch_redo r where r.code = b.code))
     and exists (select from opening_item i where i.batch = b.code and i.account_id = $1 and i.kind in ('register', 'ladder', 'estimate'))
   order by 9, 1, 3`
