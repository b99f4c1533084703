import type { LineId } from '../../domain/reading.js'
import { uuidOf } from '../../domain/ids.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { QuarantinedMessage } from './collected.js'

/** What one line sent, or nobody whom the registry knows. */
export interface QuarantinedOfLine extends QuarantinedMessage {
  readonly lineId: LineId | null
}

/** Keeps messages that cannot become readings. The same bytes for the same reason on one line are kept once. @returns those that are new. */
export async function insertQuarantined<Message extends QuarantinedOfLine>(
  queryable: Queryable,
  messages: readonly Message[],
): Promise<ReadonlySet<Message>> {
  if (messages.length === 0) return new Set()
  const byId = new Map(messages.map((message) => [idOf(message), message]))
  const kept = [...byId.values()]
  const rows = await queryable.query<{ readonly quarantine_id: string }>(
    `insert into quarantine (quarantine_id, line_id, reason, payload, received_at)
     select * from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::timestamptz[]) as q (quarantine_id)
      order by quarantine_id
         on conflict do nothing
     returning quarantine_id`,
    [
      [...byId.keys()],
      kept.map(({ lineId }) => lineId),
      kept.map(({ reason }) => reason),
      kept.map(({ payload }) => payload),
      kept.map(({ receivedAt }) => toTimestamptz(receivedAt)),
    ],
  )
  return new Set(rows.flatMap(({ quarantine_id }) => byId.get(quarantine_id) ?? []))
}

function idOf({ lineId, reason, payload }: QuarantinedOfLine): string {
  return uuidOf('quarantine', lineId?.toString() ?? '', reason, payload.toString('hex'))
}
