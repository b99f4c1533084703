import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
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

export interface UploadCounted {
  readonly lineId: LineId | null
  readonly statistics: WindowStatistics | null
}

/**
 * Counts uploads, each once: the batch number that its concentrator gave it is the key. `copy` expects no key that is there and fails
 * with a unique violation when there is one.
 */
export async function insertUploadStatistics(
  tx: Transaction,
  uploads: readonly UploadCounted[],
  recordedAt: Instant,
  mode: 'copy' | 'skip_known',
): Promise<void> {
  const rows = uploads.flatMap(({ lineId, statistics }) => (statistics === null ? [] : [{ lineId, statistics }]))
  if (rows.length === 0) return
  const cells = rows.map(({ lineId, statistics }) => cellsOf(lineId, statistics, recordedAt))
  if (mode === 'copy') {
    await tx.copyIn(`copy line_statistics (${columns}) from stdin (format binary)`, encodeCopy(types, cells))
    return
  }
  await tx.execute(createStage)
  await tx.copyIn(`copy staged_line_statistics (${columns}) from stdin (format binary)`, encodeCopy(types, cells))
  await tx.execute(
    `insert into line_statistics (${columns}) select ${columns} from staged_line_statistics on conflict do nothing`,
  )
}

const columns =
  'line_id, window_start, window_key, requests, replies, bytes_out, bytes_in, damaged, refused, repaired, timeouts, recorded_at'

const types = [
  'int8',
  'timestamptz',
  'text',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'timestamptz',
] as const

function cellsOf(lineId: LineId | null, statistics: WindowStatistics, recordedAt: Instant) {
  return [
    lineId,
    statistics.windowStart,
    statistics.windowKey,
    BigInt(statistics.requests),
    BigInt(statistics.replies),
    BigInt(statistics.bytesOut),
    BigInt(statistics.bytesIn),
    BigInt(statistics.damaged),
    BigInt(statistics.refused),
    BigInt(statistics.repaired),
    BigInt(statistics.timeouts),
    recordedAt,
  ] as const
}

const createStage = `
  create temporary table if not exists staged_line_statistics (
    line_id bigint, window_start timestamptz, window_key text, requests bigint, replies bigint, bytes_out bigint, bytes_in bigint,
    damaged bigint, refused bigint, repaired bigint, timeouts bigint, recorded_at timestamptz
  ) on commit delete rows`
