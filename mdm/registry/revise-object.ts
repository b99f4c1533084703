import { ok, type Result } from '../../domain/result.js'
import { reviseTimeline, segmentAt, stretchEnd } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import type { Row } from '../../storage/insert-rows.js'
import { type PlainRow, readLastRevision, type TimelineTable } from '../../storage/registry/last-revision.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { plainText } from './document-lists.js'
import type { Stamp } from './registry-rows.js'

export interface Revision {
  readonly table: TimelineTable
  /** Key columns of the object. */
  readonly object: PlainRow
  readonly at: string
  /** Columns of what holds from then on; null where nothing does. */
  readonly value: PlainRow | null
  readonly reason: string
}

/**
 * Something else holds of an object from an instant on, until what was stated before of a later time. What is so already needs no
 * revision; what begins at the same instant with another content is not overwritten.
 */
export async function reviseObject(
  tx: Transaction,
  { table, object, at: text, value, reason }: Revision,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const at = Date.parse(text)
  const timeline = await readLastRevision(tx, table, object)
  const current = segmentAt(timeline.segments, at)
  if (isSame(current?.value ?? null, value)) return ok('exists')
  if (current?.from === at)
    return refuse('exists_with_different_content', `something else is on record from ${text}; it has another document`)
  const to = stretchEnd(timeline.segments, at)
  const segments = reviseTimeline(timeline.segments, { from: at, to, value })
  const rows = segments.map((segment) => ({
    ...object,
    ...segment.value,
    revision: timeline.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    reason,
    recorded_at: stamp.recordedAt,
    actor_id: stamp.actor,
  }))
  await insertRegistryRows(tx, table, rows)
  return ok('applied')
}

function isSame(current: Row | null, wanted: PlainRow | null): boolean {
  if (current === null || wanted === null) return current === wanted
  return isSameContent(current, wanted)
}

/** Whether the columns of the second say the same in the first. */
export function isSameContent(current: Row, wanted: Row): boolean {
  return Object.entries(wanted).every(([column, value]) => plainText(current[column]) === plainText(value))
}
