import { quantities } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface WithdrawalStamp {
  readonly correctionId: string
  readonly recordedAt: Instant
}

/** An exchange that stands, by its meters; null where none does. */
export async function findStandingExchange(
  client: Queryable,
  usagePointId: bigint,
  at: Instant,
): Promise<{ readonly oldMeterId: bigint; readonly newMeterId: bigint } | null> {
  const [row] = await client.query<{ readonly oldMeterId: bigint; readonly newMeterId: bigint }>(
    `select old_meter_id as "oldMeterId", new_meter_id as "newMeterId" from meter_exchange_standing
      where usage_point_id = $1 and exchanged_at = $2`,
    [usagePointId, toTimestamptz(at)],
  )
  return row ?? null
}

export async function withdrawExchange(
  tx: Transaction,
  key: { readonly usagePointId: bigint; readonly at: Instant },
  { correctionId, recordedAt }: WithdrawalStamp,
): Promise<void> {
  await tx.execute(
    `insert into meter_exchange_withdrawal (usage_point_id, exchanged_at, revision, correction_id, recorded_at)
     select usage_point_id, exchanged_at, revision, $3, $4 from meter_exchange_standing where usage_point_id = $1 and exchanged_at = $2`,
    [key.usagePointId, toTimestamptz(key.at), correctionId, toTimestamptz(recordedAt)],
  )
}

/** @returns how many events of the key stood: 0 where there is nothing to withdraw. */
export function withdrawFieldEvent(
  tx: Transaction,
  key: { readonly meterId: bigint; readonly at: Instant; readonly event: string },
  { correctionId, recordedAt }: WithdrawalStamp,
): Promise<number> {
  return tx.execute(
    `insert into field_event_withdrawal (meter_id, occurred_at, event, revision, correction_id, recorded_at)
     select meter_id, occurred_at, event, revision, $4, $5 from field_event_as_of('infinity')
      where meter_id = $1 and occurred_at = $2 and event = $3`,
    [key.meterId, toTimestamptz(key.at), key.event, correctionId, toTimestamptz(recordedAt)],
  )
}

/** Of claims `c`: those that no correction withdrew. */
export const isStandingClaim = `not exists (
  select from manual_reading_withdrawal w
   where (w.meter_id, w.quantity, w.read_at, w.source, w.noted_at) = (c.meter_id, c.quantity, c.read_at, c.source, c.recorded_at))`

/** The rule that a decision names whose note went with its change. */
export const withdrawnRule = 'withdrawn'

/**
 * Notes of meters at an instant are no claims any more, and no decision stands on one of them: what is decided of the key begins again
 * with the claims that are left.
 */
export async function withdrawNotes(
  tx: Transaction,
  { meterIds, at, reason }: { readonly meterIds: readonly bigint[]; readonly at: Instant; readonly reason: string },
  { correctionId, recordedAt }: WithdrawalStamp,
): Promise<void> {
  const key = [meterIds, quantities.forward_active_energy.code, toTimestamptz(at), readingSources.exchange] as const
  const withdrawn = await tx.execute(
    `insert into manual_reading_withdrawal (meter_id, quantity, read_at, source, revision, noted_at, correction_id, recorded_at)
     select meter_id, quantity, read_at, source, revision, recorded_at, $5, $6 from manual_reading_standing
      where meter_id = any($1::bigint[]) and quantity = $2 and read_at = $3 and source = $4`,
    [...key, correctionId, toTimestamptz(recordedAt)],
  )
  if (withdrawn === 0) return
  await tx.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, rules, reason, recorded_at)
     select w.meter_id, w.quantity, w.read_at, v.revision + 1, 'held', array[$5], $6, $7
       from manual_reading_withdrawal w
       join validated_reading v on (v.meter_id, v.quantity, v.read_at) = (w.meter_id, w.quantity, w.read_at)
      where w.meter_id = any($1::bigint[]) and w.quantity = $2 and w.read_at = $3 and w.source = $4 and w.correction_id = $8
        and (v.verdict = 'held' or v.source in ($4, ${readingSources.corrected}))`,
    [...key, withdrawnRule, reason, toTimestamptz(recordedAt), correctionId],
  )
}

/** Exchanges of a usage point whose meters do not hang there before and after them, as the registry stands now. */
export async function exchangesWithoutGround(client: Queryable, usagePointId: bigint): Promise<readonly Instant[]> {
  const rows = await client.query<{ readonly at: Instant }>(
    `with hung as (
       select * from installation_timeline
        where usage_point_id = $1 and revision = (select max(revision) from installation_timeline where usage_point_id = $1))
     select e.exchanged_at as at from meter_exchange_standing e
      where e.usage_point_id = $1
        and (not exists (select from hung where meter_id = e.old_meter_id and effective_to = e.exchanged_at)
             or not exists (select from hung where meter_id = e.new_meter_id and effective_from = e.exchanged_at))
      order by 1`,
    [usagePointId],
  )
  return rows.map(({ at }) => at)
}

/** A meter of a usage point that hangs somewhere else at the same time, as the registry stands now. */
export async function findTwicePlaced(
  client: Queryable,
  usagePointId: bigint,
): Promise<{ readonly meter: string; readonly usagePoint: string } | null> {
  const [row] = await client.query<{ readonly meter: string; readonly usagePoint: string }>(
    `select m.code as meter, u.code as "usagePoint"
       from installation_timeline i
       join installation_timeline j on j.meter_id = i.meter_id and j.usage_point_id <> i.usage_point_id
        and j.effective_from < coalesce(i.effective_to, 'infinity') and i.effective_from < coalesce(j.effective_to, 'infinity')
       join meter m on m.meter_id = i.meter_id
       join usage_point u on u.usage_point_id = j.usage_point_id
      where i.usage_point_id = $1
        and i.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = $1)
        and j.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = j.usage_point_id)
      order by 1, 2 limit 1`,
    [usagePointId],
  )
  return row ?? null
}
