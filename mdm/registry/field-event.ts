import type { FieldEventChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import type { Transaction } from '../../storage/database.js'
import { findMeter } from '../../storage/registry/changes.js'
import { readFieldEvent } from '../../storage/registry/field-events.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { fieldEventColumns } from './field-event-columns.js'
import type { Stamp } from './registry-rows.js'

/** Records what somebody found or left at a meter; it may hang anywhere or lie in the store. Meter, instant and event are its key. */
export async function recordFieldEvent(
  tx: Transaction,
  change: FieldEventChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const meter = await findMeter(tx, change.meter)
  if (meter === null) return refuse('unknown_code', `meter ${change.meter} is not in the registry`)
  const wanted = fieldEventColumns(change)
  const there = await readFieldEvent(tx, meter.meterId, wanted.occurred_at, change.event)
  if (there !== null) {
    const { person, sealsFound, sealsPlaced, document, detail } = there
    const held = [person, sealsFound, sealsPlaced, document, detail]
    const said = [wanted.person, wanted.seals_found, wanted.seals_placed, wanted.document, wanted.detail]
    if (JSON.stringify(held) === JSON.stringify(said)) return ok('exists')
    return refuse(
      'exists_with_different_content',
      `${change.event} of ${change.meter} at ${change.at} is on record otherwise`,
    )
  }
  await insertRegistryRows(tx, 'field_event', [
    { meter_id: meter.meterId, ...wanted, recorded_at: stamp.recordedAt, actor_id: stamp.actor },
  ])
  return ok('applied')
}
