import type { Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FailedAttempt } from './collected.js'

/** Records attempts that brought no value; each continues the count of its due point. */
export async function insertFailedReads(tx: Transaction, failures: readonly FailedAttempt[]): Promise<void> {
  if (failures.length === 0) return
  await tx.execute(
    `insert into failed_read (meter_id, read_at, attempt, cause, failed_at)
     select n.meter_id, n.read_at,
            coalesce((select max(f.attempt) from failed_read f where f.meter_id = n.meter_id and f.read_at = n.read_at), 0)
              + row_number() over (partition by n.meter_id, n.read_at order by n.ordinal),
            n.cause, n.failed_at
       from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::timestamptz[])
            with ordinality as n (meter_id, read_at, cause, failed_at, ordinal)
      order by n.ordinal`,
    [
      failures.map((failure) => failure.meterId),
      failures.map((failure) => toTimestamptz(failure.readAt)),
      failures.map((failure) => failure.cause),
      failures.map((failure) => toTimestamptz(failure.failedAt)),
    ],
  )
}
