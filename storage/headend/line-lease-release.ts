import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { LineLease } from './line-lease.js'

/** Ends a lease before its time. One that was lost meanwhile stays with its new owner. */
export async function releaseLineLease(queryable: Queryable, lease: LineLease, now: Instant): Promise<void> {
  await queryable.execute(
    'update line_lease set expires_at = least(expires_at, $3) where line_id = $1 and fencing_token = $2',
    [lease.lineId, lease.fencingToken, toTimestamptz(now)],
  )
}
