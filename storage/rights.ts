import type { Instant } from '../domain/time.js'
import type { Queryable } from './database.js'
import { toTimestamptz } from './type-parsers.js'

/**
 * Lets the times of acts be virtual, for demos and tests: only the owner may, and never in a database in production. Everywhere else
 * the database refuses an act whose time is not the server's.
 */
export async function letTimesBeVirtual(owner: Queryable, reason: string): Promise<void> {
  await owner.execute(
    `insert into acting_time_rule (revision, tolerance, reason) select 1 + max(revision), null, $1 from acting_time_rule`,
    [reason],
  )
}

/** Whether the times of acts are virtual, as in a demo. */
export async function timesAreVirtual(client: Queryable): Promise<boolean> {
  const [row] = await client.query<{ readonly virtual: boolean }>(
    'select tolerance is null as virtual from acting_time_rule order by revision desc limit 1',
  )
  return row?.virtual === true
}

export interface RightChange {
  readonly actor: string
  readonly granted: boolean
  /** Database login under which alone this person acts; null: any session of the process. */
  readonly loginName: string | null
  readonly author: string
  readonly reason: string
  readonly recordedAt: Instant
}

/** Gives or takes the right to approve, with the owner's rights. @returns the revision, which another person confirms unless it is `inForce`. */
export async function changeApprovalRight(
  owner: Queryable,
  { actor, granted, loginName, author, reason, recordedAt }: RightChange,
): Promise<{ readonly revision: number; readonly inForce: boolean }> {
  const [row] = await owner.query<{ readonly revision: number; readonly inForce: boolean }>(
    `insert into approval_right (actor_id, revision, granted, login_name, author, reason, recorded_at)
     select $1, 1 + coalesce(max(revision), 0), $2, $3, $4, $5, $6 from approval_right where actor_id = $1
     returning revision, founding or not granted as "inForce"`,
    [actor, granted, loginName, author, reason, toTimestamptz(recordedAt)],
  )
  return row ?? { revision: 0, inForce: false }
}

/** Confirms the last change of a person's right. @returns 0 when there is none that waits. */
export function confirmApprovalRight(
  client: Queryable,
  {
    actor,
    approver,
    confirmedAt,
  }: { readonly actor: string; readonly approver: string; readonly confirmedAt: Instant },
): Promise<number> {
  return client.execute(
    `insert into approval_right_confirmation (actor_id, revision, approver, confirmed_at)
     select r.actor_id, r.revision, $2, $3 from approval_right r
      where r.actor_id = $1 and r.granted and not r.founding
        and r.revision = (select max(revision) from approval_right n where n.actor_id = r.actor_id)
         on conflict do nothing`,
    [actor, approver, toTimestamptz(confirmedAt)],
  )
}

export interface ListedActor {
  readonly actor: string
  readonly displayName: string
  readonly kind: 'person' | 'process'
  readonly mayApprove: boolean
  readonly loginName: string | null
  /** Who asked for a right that waits for confirmation; null where nothing waits. */
  readonly waitsSince: Instant | null
  readonly askedBy: string | null
}

/** Everybody who can act, by name. */
export function listActors(client: Queryable): Promise<readonly ListedActor[]> {
  return client.query<ListedActor>(
    `select a.actor_id as actor, a.display_name as "displayName", a.kind, coalesce(f.granted, false) as "mayApprove",
            f.login_name as "loginName", w.recorded_at as "waitsSince", w.author as "askedBy"
       from actor a
       left join approval_right_in_force f using (actor_id)
       left join lateral (select r.* from approval_right r where r.actor_id = a.actor_id
                           order by r.revision desc limit 1) w on w.revision > coalesce(f.revision, 0)
      order by a.actor_id`,
  )
}
