import type { LineId } from '../../domain/reading.js'
import { uuidOf } from '../../domain/ids.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { QuarantinedMessage } from './collected.js'

/** Keeps messages that cannot become readings. The same bytes for the same reason on one line are kept once. */
export async function insertQuarantined(
  queryable: Queryable,
  lineId: LineId | null,
  messages: readonly QuarantinedMessage[],
): Promise<number> {
  let kept = 0
  for (const { reason, payload, receivedAt } of messages) {
    kept += await queryable.execute(
      `insert into quarantine (quarantine_id, line_id, reason, payload, received_at) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [
        uuidOf('quarantine', lineId?.toString() ?? '', reason, payload.toString('hex')),
        lineId,
        reason,
        payload,
        toTimestamptz(receivedAt),
      ],
    )
  }
  return kept
}
