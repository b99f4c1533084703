import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FailedAttempt } from './collected.js'

/** Records attempts that brought no value; each continues the count of its due point. */
export async function insertFailedReads(
  tx: Transaction,
  failures: readonly FailedAttempt[],
  recordedAt: Instant,
): Promise<void> {
  if (failures.length === 0) return
  await tx.execute(
    `insert into failed_read (meter_id, template, read_at, attempt, cause, failed_at, recorded_at)
     select n.meter_id, n.template, n.read_at,
            coalesce((select max(f.attempt) from failed_read f
                       where f.meter_id = n.meter_id and f.template = n.template and f.read_at = n.read_at), 0)
              + row_number() over (partition by n.meter_id, n.template, n.read_at order by n.ordinal),
            n.cause, n.failed_at, $6
       from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[])
            with ordinality as n (meter_id, template, read_at, cause, failed_at, ordinal)
      order by n.ordinal`,
    [
      failures.map((failure) => failure.meterId),
      failures.map((failure) => failure.template ?? 'daily_freeze'),
      failures.map((failure) => toTimestamptz(failure.readAt)),
      failures.map((failure) => failure.cause),
      failures.map((failure) => toTimestamptz(failure.failedAt)),
      toTimestamptz(recordedAt),
    ],
  )
}
