import { fieldEventAnswers, type FieldEventKind } from '../../domain/field-event.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { Finding } from './exceptions.js'

/**
 * Events of a kind that no later event of their meter has answered, however long ago, as findings at the usage point where the meter
 * hung then or else last; a meter that never hung anywhere is nobody's. A fault is over, too, once its meter hangs nowhere.
 */
export async function findFieldEvents(
  client: Queryable,
  kind: keyof typeof fieldEventAnswers,
  knownAt: Instant,
): Promise<readonly Finding[]> {
  const rows = await client.query<Row>(
    `select e.meter_id, m.code, e.occurred_at, e.person, e.seals_found, e.document, e.detail, i.usage_point_id
       from field_event_as_of($1) e
       join meter m using (meter_id)
       join lateral (
         select t.usage_point_id from installation_timeline t
          where t.meter_id = e.meter_id and t.recorded_at <= $1
          order by (t.effective_from <= e.occurred_at and coalesce(t.effective_to, 'infinity') > e.occurred_at) desc,
                   t.recorded_at desc, t.effective_from desc limit 1) i on true
      where e.event = $2
        and not exists (select from field_event_as_of($1) a
                         where a.meter_id = e.meter_id and a.occurred_at >= e.occurred_at and a.event = any($3::text[]))
        and ($2 <> 'meter_fault' or exists (select from installation_as_of($1, $1) n where n.meter_id = e.meter_id))
      order by e.occurred_at, m.code`,
    [toTimestamptz(knownAt), kind, fieldEventAnswers[kind]],
  )
  return rows.map((row) => toFinding(kind, row))
}

interface Row {
  readonly meter_id: bigint
  readonly code: string
  readonly occurred_at: Instant
  readonly person: string
  readonly seals_found: readonly string[]
  readonly document: string
  readonly detail: string | null
  readonly usage_point_id: bigint
}

function toFinding(kind: FieldEventKind, row: Row): Finding {
  const seals = row.seals_found.length === 0 ? '' : ` · ${row.seals_found.join(', ')}`
  const detail = row.detail === null ? '' : ` · ${row.detail}`
  return {
    findingKey: `${kind}/${row.code}/${new Date(row.occurred_at).toISOString()}`,
    kind,
    usagePointId: row.usage_point_id,
    transformerAreaId: null,
    meterId: row.meter_id,
    accountId: null,
    readAt: null,
    periodStart: row.occurred_at,
    periodEnd: null,
    detail: `${row.document} · ${row.person}${seals}${detail}`,
    evidence: { sealsFound: row.seals_found, document: row.document, person: row.person },
  }
}
