import type { CrewAssignmentChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import { reviseTimeline, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import { findCrew, findTransformerArea, readCrewAreas } from '../../storage/registry/crews.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import type { Stamp } from './registry-rows.js'

/** The crew owns the area from the instant on; who owned it until then stays on record. */
export async function assignCrew(
  tx: Transaction,
  change: CrewAssignmentChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const areaId = await findTransformerArea(tx, change.transformerArea)
  if (areaId === null)
    return refuse('unknown_code', `transformer area ${change.transformerArea} is not in the registry`)
  const crewId = await findCrew(tx, change.crew)
  if (crewId === null) return refuse('unknown_code', `crew ${change.crew} is not in the registry`)
  const from = Date.parse(change.at)
  const timeline = await readCrewAreas(tx, areaId)
  if (segmentAt(timeline.segments, from)?.value === crewId) return ok('exists')
  const segments = reviseTimeline(timeline.segments, { from, to: null, value: crewId })
  const rows = segments.map((segment) => ({
    transformer_area_id: areaId,
    revision: timeline.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    crew_id: segment.value,
    reason: `crew assignment ${change.document}`,
    recorded_at: stamp.recordedAt,
    actor_id: stamp.actor,
  }))
  await insertRegistryRows(tx, 'crew_area_timeline', rows)
  return ok('applied')
}
