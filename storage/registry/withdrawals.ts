import { quantities } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { beforeEverything } from '../../domain/timeline.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface WithdrawalStamp {
  readonly correctionId: string
  readonly recordedAt: Instant
}

export interface StandingExchange {
  readonly revision: number
  readonly oldMeterId: bigint
  readonly newMeterId: bigint
}

/** An exchange that stands, by its meters; null where none does. */
export async function findStandingExchange(
  client: Queryable,
  usagePointId: bigint,
  at: Instant,
): Promise<StandingExchange | null> {
  const [row] = await client.query<StandingExchange>(
    `select revision, old_meter_id as "oldMeterId", new_meter_id as "newMeterId" from meter_exchange_standing
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

/** The revision under which an event stands; null where none does. */
export async function standingFieldEvent(
  client: Queryable,
  key: { readonly meterId: bigint; readonly at: Instant; readonly event: string },
): Promise<number | null> {
  const [row] = await client.query<{ readonly revision: number }>(
    `select revision from field_event_as_of('infinity') where meter_id = $1 and occurred_at = $2 and event = $3`,
    [key.meterId, toTimestamptz(key.at), key.event],
  )
  return row?.revision ?? null
}

export async function withdrawFieldEvent(
  tx: Transaction,
  key: { readonly meterId: bigint; readonly at: Instant; readonly event: string },
  { correctionId, recordedAt }: WithdrawalStamp,
): Promise<void> {
  await tx.execute(
    `insert into field_event_withdrawal (meter_id, occurred_at, event, revision, correction_id, recorded_at)
     select meter_id, occurred_at, event, revision, $4, $5 from field_event_as_of('infinity')
      where meter_id = $1 and occurred_at = $2 and event = $3`,
    [key.meterId, toTimestamptz(key.at), key.event, correctionId, toTimestamptz(recordedAt)],
  )
}

/** Of claims `c`: those that no correction withdrew. What came by wire while its meter was described with another address came from another one. */
export const isStandingClaim = `not exists (
  select from manual_reading_withdrawal w
   where (w.meter_id, w.quantity, w.read_at, w.source, w.noted_at) = (c.meter_id, c.quantity, c.read_at, c.source, c.recorded_at))
  and not exists (
  select from meter_misaddressed d
   where d.meter_id = c.meter_id and c.source <= ${readingSources.live}
     and coalesce(c.frame_received_at, c.recorded_at) > d.told_from and coalesce(c.frame_received_at, c.recorded_at) <= d.told_until)`

/** The rule that a decision names whose note went with its change. */
export const withdrawnRule = 'withdrawn'

/** Notes that came with a change; those of before notes said so are known by the meters that it speaks of. */
export interface NotesOfChange {
  readonly notedFor: string
  readonly meterIds: readonly bigint[]
  readonly usagePointId: bigint
  readonly at: Instant
  readonly reason: string
}

/**
 * Notes of a change are no claims any more, and no decision stands on one of them alone: what is decided of the key begins again with the
 * claims that are left. Another paper that says the same of the display keeps the decision.
 */
export async function withdrawNotes(
  tx: Transaction,
  { notedFor, meterIds, usagePointId, at, reason }: NotesOfChange,
  { correctionId, recordedAt }: WithdrawalStamp,
): Promise<void> {
  const key = [quantities.forward_active_energy.code, toTimestamptz(at), readingSources.exchange] as const
  const withdrawn = await tx.execute(
    `insert into manual_reading_withdrawal (meter_id, quantity, read_at, source, revision, noted_for, noted_at, correction_id, recorded_at)
     select meter_id, quantity, read_at, source, revision, noted_for, recorded_at, $7, $8 from manual_reading_standing
      where quantity = $1 and read_at = $2 and source = $3
        and ((noted_for = $4 and meter_id in (select meter_id from installation_timeline where usage_point_id = $5))
             or (noted_for = '' and meter_id = any($6::bigint[])))`,
    [...key, notedFor, usagePointId, meterIds, correctionId, toTimestamptz(recordedAt)],
  )
  if (withdrawn === 0) return
  await tx.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, rules, reason, recorded_at)
     select distinct w.meter_id, w.quantity, w.read_at, v.revision + 1, 'held', array[$4], $5, $6::timestamptz
       from manual_reading_withdrawal w
       join validated_reading v on (v.meter_id, v.quantity, v.read_at) = (w.meter_id, w.quantity, w.read_at)
      where w.quantity = $1 and w.read_at = $2 and w.source = $3 and w.correction_id = $7
        and (v.verdict = 'held' or v.source in ($3, ${readingSources.corrected}))
        and not exists (select from manual_reading_standing m
                         where (m.meter_id, m.quantity, m.read_at, m.source) = (w.meter_id, w.quantity, w.read_at, w.source))`,
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
        -- That nothing was ever there is said by a stretch before everything.
        and (i.effective_to is null or i.effective_to > $2) and (j.effective_to is null or j.effective_to > $2)
      order by 1, 2 limit 1`,
    [usagePointId, toTimestamptz(beforeEverything.to)],
  )
  return row ?? null
}
