import type { ReadingDayChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import { reviseTimeline, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import { findUsagePoint } from '../../storage/registry/changes.js'
import { readReadingDays } from '../../storage/registry/reading-days.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import type { Stamp } from './registry-rows.js'

/** The usage points are read on the day from the instant on. `exists` when that was so for all of them. */
export async function changeReadingDay(
  tx: Transaction,
  change: ReadingDayChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const from = Date.parse(change.at)
  const rows = []
  for (const code of new Set(change.usagePoints)) {
    const point = await findUsagePoint(tx, code)
    if (point === null) return refuse('unknown_code', `usage point ${code} is not in the registry`)
    const timeline = await readReadingDays(tx, point.usagePointId)
    if (segmentAt(timeline.segments, from)?.value === change.readingDay) continue
    const segments = reviseTimeline(timeline.segments, { from, to: null, value: change.readingDay })
    rows.push(
      ...segments.map((segment) => ({
        usage_point_id: point.usagePointId,
        revision: timeline.revision + 1,
        effective_from: segment.from,
        effective_to: segment.to,
        reading_day: segment.value,
        reason: `reading day ${change.document}`,
        recorded_at: stamp.recordedAt,
        actor_id: stamp.actor,
      })),
    )
  }
  if (rows.length === 0) return ok('exists')
  await insertRegistryRows(tx, 'reading_day_timeline', rows)
  return ok('applied')
}
