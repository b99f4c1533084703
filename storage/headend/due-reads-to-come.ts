import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { MissingDueRead } from './due-reads.js'

/** What a midnight that is yet to come will want on a line, as the registry tells it now; boundaries are not known before it. */
export async function dueReadsToCome(
  queryable: Queryable,
  { lineId, dueAt, now }: { readonly lineId: LineId; readonly dueAt: Instant; readonly now: Instant },
): Promise<readonly MissingDueRead[]> {
  return queryable.query<MissingDueRead>(
    `select i.meter_id as "meterId", i.line_id as "lineId", $3::timestamptz as "readAt",
            m.communication_address as "communicationAddress", m.model, 0 as rank
       from installation_as_of($2, $3) i join meter m using (meter_id)
      where i.line_id = $1
      order by i.meter_id`,
    [lineId, toTimestamptz(now), toTimestamptz(dueAt)],
  )
}
