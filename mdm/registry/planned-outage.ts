import type { PlannedOutageChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import type { Transaction } from '../../storage/database.js'
import { findLine, findPlannedOutage, findTransformerArea, nextPlannedOutageId } from '../../storage/registry/crews.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import type { Stamp } from './registry-rows.js'

/** Records an outage under its code; one that has begun may be recorded as well, but excuses nothing. */
export async function recordPlannedOutage(
  tx: Transaction,
  change: PlannedOutageChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const { code, transformerArea, line, document } = change
  const areaId = transformerArea === undefined ? null : await findTransformerArea(tx, transformerArea)
  const lineId = line === undefined ? null : await findLine(tx, line)
  if (areaId === null && lineId === null)
    return refuse('unknown_code', `${transformerArea ?? line} is not in the registry`)
  const [startsAt, endsAt] = [Date.parse(change.from), Date.parse(change.to)]
  const there = await findPlannedOutage(tx, code)
  if (there !== null) {
    const same =
      there.areaId === areaId && there.lineId === lineId && there.startsAt === startsAt && there.endsAt === endsAt
    if (same && there.document === document) return ok('exists')
    return refuse('exists_with_different_content', `planned outage ${code} is on record with another content`)
  }
  await insertRegistryRows(tx, 'planned_outage', [
    {
      planned_outage_id: await nextPlannedOutageId(tx),
      code,
      transformer_area_id: areaId,
      line_id: lineId,
      starts_at: startsAt,
      ends_at: endsAt,
      document,
      recorded_at: stamp.recordedAt,
      actor_id: stamp.actor,
    },
  ])
  return ok('applied')
}
