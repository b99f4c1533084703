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
