import type { FieldEventKind } from '../../domain/field-event.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A seal or a fault of a meter as it is on record. */
export interface FieldEvent {
  readonly occurredAt: Instant
  readonly event: FieldEventKind
  readonly person: string
  readonly sealsFound: readonly string[]
  readonly sealsPlaced: readonly string[]
  readonly document: string
  readonly detail: string | null
  readonly recordedAt: Instant
  readonly actor: string
}

const columns = `occurred_at as "occurredAt", event, person, seals_found as "sealsFound", seals_placed as "sealsPlaced", document, detail,
                 recorded_at as "recordedAt", actor_id as actor`

export async function readFieldEvent(
  client: Queryable,
  meterId: bigint,
  occurredAt: Instant,
  event: FieldEventKind,
): Promise<FieldEvent | null> {
  const [row] = await client.query<FieldEvent>(
    `select ${columns} from field_event_as_of('infinity') where meter_id = $1 and occurred_at = $2 and event = $3`,
    [meterId, toTimestamptz(occurredAt), event],
  )
  return row ?? null
}

/** At most `limit` of a meter, the latest first. */
export function readFieldEvents(client: Queryable, meterId: bigint, limit: number): Promise<readonly FieldEvent[]> {
  return client.query<FieldEvent>(
    `select ${columns} from field_event_as_of('infinity') where meter_id = $1 order by occurred_at desc, event limit $2`,
    [meterId, limit],
  )
}
