import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { WindowStatistics } from './collected.js'

/** A window that is collected again after a restart adds a row of its own: the key gets the next free number behind it. */
export async function insertLineStatistics(
  tx: Transaction,
  lineId: LineId,
  statistics: WindowStatistics,
  recordedAt: Instant,
): Promise<void> {
  await tx.execute(
    `insert into line_statistics (line_id, window_start, window_key, requests, replies, bytes_out, bytes_in,
                                  damaged, refused, repaired, timeouts, recorded_at)
     select $1, $2, $3 || '/' || (1 + count(*)), $4, $5, $6, $7, $8, $9, $10, $11, $12
       from line_statistics
      where line_id = $1 and window_start = $2 and starts_with(window_key, $3 || '/')`,
    [
      lineId,
      toTimestamptz(statistics.windowStart),
      statistics.windowKey,
      statistics.requests,
      statistics.replies,
      statistics.bytesOut,
      statistics.bytesIn,
      statistics.damaged,
      statistics.refused,
      statistics.repaired,
      statistics.timeouts,
      toTimestamptz(recordedAt),
    ],
  )
}

interface UploadCounted {
  readonly lineId: LineId | null
  readonly statistics: WindowStatistics | null
}

/** Counts uploads, each once: the batch number that its concentrator gave it is the key. */
export async function insertUploadStatistics(
  tx: Transaction,
  uploads: readonly UploadCounted[],
  recordedAt: Instant,
): Promise<void> {
  const rows = uploads.flatMap(({ lineId, statistics }) =>
    lineId === null || statistics === null ? [] : [{ lineId, ...statistics }],
  )
  if (rows.length === 0) return
  const sums = counters.map((name) => rows.map((row) => row[name]))
  await tx.execute(
    `insert into line_statistics (line_id, window_start, window_key, requests, replies, bytes_out, bytes_in,
                                  damaged, refused, repaired, timeouts, recorded_at)
     select n.*, $12::timestamptz
       from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                   $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[]) as n
         on conflict do nothing`,
    [
      rows.map((row) => row.lineId),
      rows.map((row) => toTimestamptz(row.windowStart)),
      rows.map((row) => row.windowKey),
      ...sums,
      toTimestamptz(recordedAt),
    ],
  )
}

const counters = ['requests', 'replies', 'bytesOut', 'bytesIn', 'damaged', 'refused', 'repaired', 'timeouts'] as const
