import type { MultiplierChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import { reviseTimeline, segmentAt, stretchEnd } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { readMultipliers } from '../../storage/registry/multipliers.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { measuringMeter } from './measuring-meter.js'
import { isNotedOtherwise, noteRegisters } from './note-registers.js'
import { fitsDisplay, toRegisterSet } from './noted-registers.js'
import type { Stamp } from './registry-rows.js'

/**
 * Other instrument transformers from the instant on. The registers at that instant are noted on site: what was counted before and
 * after it is multiplied differently.
 */
export async function changeMultiplier(
  tx: Transaction,
  change: MultiplierChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const at = Date.parse(change.at)
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  if (point === null) return refuse('unknown_code', `usage point ${change.usagePoint} is not in the registry`)
  const timeline = await readMultipliers(tx, point.usagePointId)
  const { ctRatio, ptRatio, document } = change
  const current = segmentAt(timeline.segments, at)
  const { kind } = change
  const meter = await measuringMeter(tx, point.usagePointId, at)
  if (current?.value.ctRatio === ctRatio && current.value.ptRatio === ptRatio) {
    const note = meter === null || current.from !== at ? null : { meter, noted: change.registers }
    return note !== null && (await isNotedOtherwise(tx, { ...point, kind, at }, note))
      ? refuse(
          'exists_with_different_content',
          `that multiplier is on record with other registers of ${note.meter.code}`,
        )
      : ok('exists')
  }
  if (current?.from === at)
    return refuse('exists_with_different_content', `another multiplier is on record from ${change.at}`)
  if (meter === null) return refuse('not_installed', `no meter measures ${change.usagePoint} at ${change.at}`)
  if (!fitsDisplay(toRegisterSet(change.registers), meter))
    return refuse('does_not_fit_display', `the noted registers do not fit the display of ${meter.code}`)
  const to = stretchEnd(timeline.segments, at)
  const rows = reviseTimeline(timeline.segments, { from: at, to, value: { ctRatio, ptRatio } }).map((segment) => ({
    usage_point_id: point.usagePointId,
    revision: timeline.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    ct_ratio: segment.value.ctRatio,
    pt_ratio: segment.value.ptRatio,
    reason: `multiplier change ${document}`,
    recorded_at: stamp.recordedAt,
    actor_id: stamp.actor,
  }))
  await insertRegistryRows(tx, 'multiplier_timeline', rows)
  const noted = await noteRegisters(tx, { ...point, kind, at, document }, [{ meter, noted: change.registers }], stamp)
  return noted.ok ? ok('applied') : noted
}
