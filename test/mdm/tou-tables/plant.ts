import type { SlotCalendar } from '../../../domain/slot-calendar.js'
import type { Instant } from '../../../domain/time.js'
import type { TouTables, TouUse } from '../../../domain/tou-tables.js'
import { insertTouReading } from '../../../storage/headend/tou-tables.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import type { TestDatabase } from '../../support/database.js'
import { firstSets } from './tables.js'

/** The tariff of the small utility's accounts. */
export const residentialTou = 'sd-residential-tou'

/** A version of the tariff with two signatures, as far as hours go. */
export async function plantVersion(
  database: TestDatabase,
  { version, from, to, calendar }: { version: number; from: string; to: string | null; calendar: SlotCalendar | null },
): Promise<void> {
  const owner = database.as('owner')
  const hours = calendar === null ? {} : { hours: { calendar, source: 'test', grade: 'U' } }
  const document = { slots: { registers: { tou2: 'peak', tou4: 'valley' }, residual: 'valley', ...hours } }
  await owner.execute(
    `insert into tariff_version (tariff_code, version, valid_from, valid_to, document, sha256, author, recorded_at)
     values ($1, $2, $3, $4, $5, sha256($6), 'one', 'epoch')`,
    [residentialTou, version, from, to, JSON.stringify(document), Buffer.from(`${version}`)],
  )
  for (const person of ['two', 'three'])
    await owner.execute(`insert into tariff_signature values ($1, $2, $3, 'epoch')`, [residentialTou, version, person])
}

/** What a read of a meter found. */
export async function plantRead(
  database: TestDatabase,
  meterId: bigint,
  readAt: Instant,
  tables: TouTables,
  use: Partial<TouUse> = {},
) {
  const frame = { protocol: 'dlt645_2007', request: null, response: Buffer.alloc(0), receivedAt: readAt } as const
  const evidence = {
    line_id: 1n,
    line_sequence: null,
    frame_received_at: toTimestamptz(readAt),
    recorded_at: toTimestamptz(readAt),
  }
  const value = { kind: 'tou_tables', meterId, readAt, tables, use: { ...firstSets, ...use } } as const
  await database
    .as('headend')
    .transaction((tx) =>
      insertTouReading(
        tx,
        { ...value, evidence: { frame, slice: null } },
        { ...evidence, frame_offset: null, frame_length: null },
        readAt,
      ),
    )
}
