import type { MeterRemovalChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import { reviseTimeline, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { isNotedOtherwise, noteRegisters } from './note-registers.js'
import { fitsDisplay, toRegisterSet } from './noted-registers.js'
import type { Stamp } from './registry-rows.js'

/** The meter is taken away and nothing measures the usage point from then on; its stop registers are claims like others. */
export async function removeMeter(
  tx: Transaction,
  change: MeterRemovalChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const at = Date.parse(change.at)
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  const meter = await registry.findMeter(tx, change.meter)
  if (point === null || meter === null)
    return refuse('unknown_code', `usage point ${change.usagePoint} or meter ${change.meter} is not in the registry`)
  const { usagePointId } = point
  const timeline = await registry.readInstallations(tx, usagePointId)
  const ended = timeline.segments.find(({ to, value }) => to === at && value.meterId === meter.meterId)
  const current = segmentAt(timeline.segments, at)
  const { kind, document } = change
  const note = { meter, noted: change.stopRegisters }
  if (ended !== undefined && current === null)
    return (await isNotedOtherwise(tx, { kind, usagePointId, at }, note))
      ? refuse('exists_with_different_content', `that removal is on record with other registers of ${meter.code}`)
      : ok('exists')
  if (current === null || current.value.meterId !== meter.meterId || current.from === at)
    return refuse('not_installed', `meter ${change.meter} does not measure ${change.usagePoint} before ${change.at}`)
  if (!fitsDisplay(toRegisterSet(change.stopRegisters), meter))
    return refuse('does_not_fit_display', `the noted registers do not fit the display of ${change.meter}`)
  const rows = reviseTimeline(timeline.segments, { from: at, to: current.to, value: null }).map((segment) => ({
    usage_point_id: usagePointId,
    revision: timeline.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    meter_id: segment.value.meterId,
    line_id: segment.value.lineId,
    reason: `meter removal ${change.document}`,
    recorded_at: stamp.recordedAt,
    actor_id: stamp.actor,
  }))
  await insertRegistryRows(tx, 'installation_timeline', rows)
  const noted = await noteRegisters(tx, { ...point, kind, at, document }, [note], stamp)
  return noted.ok ? ok('applied') : noted
}
