import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Queryable, Transaction } from '../database.js'

/** The right to talk on a line. Uploads need none: whoever receives one stores it. */
export interface LineLease {
  readonly lineId: LineId
  readonly fencingToken: bigint
}

/** Somebody else took the line over; whatever this process still has of it must not be stored. */
export class LineLeaseLostError extends Error {
  override readonly name = 'LineLeaseLostError'
}

/*
 * When a lease ends is a matter of the database server's clock alone: nodes say for how long they want a line, never until when, and
 * nobody's own clock can make a lease of another look over.
 */

export interface LeaseWish {
  readonly lineId: LineId
  /** Names the node. The same node takes its own lease back after a restart, under a new token. */
  readonly owner: string
  /** From the moment at which the server takes the wish up. */
  readonly holdMs: number
}

/** A lease with what the server's clock showed while it gave or prolonged it. */
export interface GivenLease {
  readonly lease: LineLease
  readonly serverTime: Instant
}

interface GivenRow {
  readonly fencingToken: bigint
  readonly serverTime: Instant
}

/** Takes a line that is free, expired or already ours; null while another node holds it. */
export async function takeLineLease(
  database: Database,
  { lineId, owner, holdMs }: LeaseWish,
): Promise<GivenLease | null> {
  return database.transaction(async (tx) => {
    const [given] = await tx.query<GivenRow>(
      `insert into line_lease as held (line_id, owner, fencing_token, expires_at)
       values ($1, $2, 1, now() + $3 * interval '1 millisecond')
       on conflict (line_id) do update
         set owner = excluded.owner, fencing_token = held.fencing_token + 1, expires_at = excluded.expires_at
         where held.owner = excluded.owner or held.expires_at <= now()
       returning fencing_token as "fencingToken", clock_timestamp() as "serverTime"`,
      [lineId, owner, holdMs],
    )
    if (given === undefined) return null
    const { fencingToken, serverTime } = given
    await tx.execute(
      'insert into line_lease_event (line_id, fencing_token, owner, taken_at) values ($1, $2, $3, now())',
      [lineId, fencingToken, owner],
    )
    return { lease: { lineId, fencingToken }, serverTime }
  })
}

/** Puts the end of a lease off, never forward; null when it was lost. */
export async function renewLineLease(
  queryable: Queryable,
  lease: LineLease,
  holdMs: number,
): Promise<GivenLease | null> {
  const [renewed] = await queryable.query<Pick<GivenRow, 'serverTime'>>(
    `update line_lease set expires_at = greatest(expires_at, now() + $3 * interval '1 millisecond')
      where line_id = $1 and fencing_token = $2 returning clock_timestamp() as "serverTime"`,
    [lease.lineId, lease.fencingToken, holdMs],
  )
  return renewed === undefined ? null : { lease, serverTime: renewed.serverTime }
}

/** Keeps the lease from changing hands until the transaction ends, so that what follows is stored under it or not at all. */
export async function requireLineLease(tx: Transaction, lease: LineLease): Promise<void> {
  const held = await tx.query('select from line_lease where line_id = $1 and fencing_token = $2 for share', [
    lease.lineId,
    lease.fencingToken,
  ])
  if (held.length === 0) throw new LineLeaseLostError(`line ${lease.lineId} has another owner`)
}

/** Gives a line back before its lease ends, so that nobody waits for it. One that was lost meanwhile stays with its new owner. */
export async function releaseLineLease(queryable: Queryable, lease: LineLease): Promise<void> {
  await queryable.execute(
    'update line_lease set expires_at = least(expires_at, now()) where line_id = $1 and fencing_token = $2',
    [lease.lineId, lease.fencingToken],
  )
}

/** Whether a lease still holds; locks it, so that nobody takes the line before the transaction ends. */
export async function lockOwnedLine(tx: Transaction, lease: LineLease): Promise<boolean> {
  const rows = await tx.query(
    'select 1 as held from line_lease where line_id = $1 and fencing_token = $2 and expires_at > now() for share',
    [lease.lineId, lease.fencingToken],
  )
  return rows.length === 1
}
