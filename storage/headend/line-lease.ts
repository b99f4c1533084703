import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** The right to talk on a line. Uploads need none: whoever receives one stores it. */
export interface LineLease {
  readonly lineId: LineId
  readonly fencingToken: bigint
}

/** Somebody else took the line over; whatever this process still has of it must not be stored. */
export class LineLeaseLostError extends Error {
  override readonly name = 'LineLeaseLostError'
}

export interface LeaseWish {
  readonly lineId: LineId
  /** Names the node. The same node takes its own lease back after a restart, under a new token. */
  readonly owner: string
  readonly now: Instant
  readonly expiresAt: Instant
}

interface TakenRow {
  readonly fencing_token: bigint
}

/** Takes a line that is free, expired or already ours; null while another node holds it. */
export async function takeLineLease(database: Database, wish: LeaseWish): Promise<LineLease | null> {
  return database.transaction(async (tx) => {
    const rows = await tx.query<TakenRow>(
      `insert into line_lease as held (line_id, owner, fencing_token, expires_at)
       values ($1, $2, 1, $4)
       on conflict (line_id) do update
         set owner = excluded.owner, fencing_token = held.fencing_token + 1, expires_at = excluded.expires_at
         where held.owner = excluded.owner or held.expires_at <= $3
       returning fencing_token`,
      [wish.lineId, wish.owner, toTimestamptz(wish.now), toTimestamptz(wish.expiresAt)],
    )
    const token = rows[0]?.fencing_token
    if (token === undefined) return null
    await tx.execute('insert into line_lease_event (line_id, fencing_token, owner, taken_at) values ($1, $2, $3, $4)', [
      wish.lineId,
      token,
      wish.owner,
      toTimestamptz(wish.now),
    ])
    return { lineId: wish.lineId, fencingToken: token }
  })
}

/** Puts the end of a lease off, never forward; false when it was lost. */
export async function renewLineLease(database: Database, lease: LineLease, expiresAt: Instant): Promise<boolean> {
  const renewed = await database.execute(
    'update line_lease set expires_at = greatest(expires_at, $3) where line_id = $1 and fencing_token = $2',
    [lease.lineId, lease.fencingToken, toTimestamptz(expiresAt)],
  )
  return renewed === 1
}

/** Keeps the lease from changing hands until the transaction ends, so that what follows is stored under it or not at all. */
export async function requireLineLease(tx: Transaction, lease: LineLease): Promise<void> {
  const held = await tx.query('select from line_lease where line_id = $1 and fencing_token = $2 for share', [
    lease.lineId,
    lease.fencingToken,
  ])
  if (held.length === 0) throw new LineLeaseLostError(`line ${lease.lineId} has another owner`)
}

/** Gives a line back before its lease ends, so that nobody waits for it. */
export async function releaseLineLease(database: Database, lease: LineLease, now: Instant): Promise<void> {
  await database.execute('update line_lease set expires_at = $3 where line_id = $1 and fencing_token = $2', [
    lease.lineId,
    lease.fencingToken,
    toTimestamptz(now),
  ])
}
