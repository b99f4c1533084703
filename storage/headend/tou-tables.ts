import { bigintAsText } from '../../domain/bigint-as-text.js'
import { touTablesDigest, type TouUse } from '../../domain/tou-tables.js'
import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import type { Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'
import type { CollectedTouTables } from './collected-values.js'

/**
 * One line for a read, and the tables themselves where no meter had them before.
 * @param evidence columns that name the frames; kept only where the meter says something new.
 * @returns `exists` for a read that says what the one before it said: its frames are not needed.
 */
export async function insertTouReading(
  tx: Transaction,
  { meterId, readAt, tables, use }: CollectedTouTables,
  evidence: Row,
  recordedAt: Instant,
): Promise<'created' | 'exists'> {
  const digest = touTablesDigest(tables)
  await tx.execute('insert into tou_tables values ($1, $2, $3) on conflict do nothing', [
    digest,
    JSON.stringify(tables),
    toTimestamptz(recordedAt),
  ])
  const before = await lastTouReading(tx, meterId, readAt)
  const isSame = before !== null && before.digest.equals(digest) && sameUse(before.use, use)
  const row = {
    meter_id: meterId,
    read_at: toTimestamptz(readAt),
    tables_digest: `\\x${digest.toString('hex')}`,
    zone_table: use.zoneTable,
    day_table_set: use.dayTableSet,
    zone_switch_at: use.zoneSwitchAt === null ? null : toTimestamptz(use.zoneSwitchAt),
    day_switch_at: use.daySwitchAt === null ? null : toTimestamptz(use.daySwitchAt),
    ...evidence,
    ...(isSame ? { line_sequence: null } : {}),
  }
  const inserted = await tx.execute(
    'insert into tou_reading select * from json_populate_recordset(null::tou_reading, $1) on conflict do nothing',
    [JSON.stringify([row], bigintAsText)],
  )
  return inserted === 1 && !isSame ? 'created' : 'exists'
}

function sameUse(left: TouUse, right: TouUse): boolean {
  return (
    left.zoneTable === right.zoneTable &&
    left.dayTableSet === right.dayTableSet &&
    left.zoneSwitchAt === right.zoneSwitchAt &&
    left.daySwitchAt === right.daySwitchAt
  )
}

interface LastReading {
  readonly readAt: Instant
  readonly digest: Buffer
  readonly use: TouUse
}

/** The latest read before an instant; null when there is none. */
async function lastTouReading(client: Queryable, meterId: MeterId, before: Instant): Promise<LastReading | null> {
  const [row] = await client.query<{ readonly readAt: Instant; readonly digest: Buffer } & TouUse>(
    `select read_at as "readAt", tables_digest as digest, zone_table as "zoneTable", day_table_set as "dayTableSet",
            zone_switch_at as "zoneSwitchAt", day_switch_at as "daySwitchAt"
       from tou_reading where meter_id = $1 and read_at < $2 order by read_at desc limit 1`,
    [meterId, toTimestamptz(before)],
  )
  if (row === undefined) return null
  const { readAt, digest, ...use } = row
  return { readAt, digest, use }
}
