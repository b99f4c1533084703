import type { InstallationChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import { reviseTimeline, segmentAt, stretchEnd } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import { noteKey, readChangeNotes } from '../../storage/registry/change-notes.js'
import * as registry from '../../storage/registry/changes.js'
import { findLine } from '../../storage/registry/crews.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { noteRegisters } from './note-registers.js'
import { fitsDisplay, toRegisterSet } from './noted-registers.js'
import type { Stamp } from './registry-rows.js'

/** A meter in stock begins to measure a usage point at which nothing does, until what is stated there of a later time. */
export async function installMeter(
  tx: Transaction,
  change: InstallationChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const { usagePoint, document, startRegisters } = change
  const at = Date.parse(change.at)
  const point = await registry.findUsagePoint(tx, usagePoint)
  const meter = await registry.findMeter(tx, change.meter)
  const lineId = await findLine(tx, change.line)
  if (point === null || meter === null || lineId === null)
    return refuse(
      'unknown_code',
      `usage point ${usagePoint}, meter ${change.meter} or line ${change.line} is not there`,
    )
  const { usagePointId } = point
  const timeline = await registry.readInstallations(tx, usagePointId)
  const current = segmentAt(timeline.segments, at)
  if (current?.from === at && current.value.meterId === meter.meterId && current.value.lineId === lineId)
    return startRegisters === undefined || (await isNoted(tx, meter.meterId, change, usagePointId))
      ? ok('exists')
      : refuse(
          'exists_with_different_content',
          `${change.meter} is on record there from ${change.at} without these registers`,
        )
  if (current !== null)
    return refuse(
      'exists_with_different_content',
      `a meter measures ${usagePoint} at ${change.at}: that is an exchange`,
    )
  if (await registry.isInstalledFrom(tx, meter.meterId, at))
    return refuse(
      'exists_with_different_content',
      `meter ${change.meter} hangs somewhere else at ${change.at} or later`,
    )
  if (startRegisters !== undefined && !fitsDisplay(toRegisterSet(startRegisters), meter))
    return refuse('does_not_fit_display', `the noted registers do not fit the display of ${change.meter}`)
  const stretch = { from: at, to: stretchEnd(timeline.segments, at), value: { meterId: meter.meterId, lineId } }
  const rows = reviseTimeline(timeline.segments, stretch).map((segment) => ({
    usage_point_id: usagePointId,
    revision: timeline.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    meter_id: segment.value.meterId,
    line_id: segment.value.lineId,
    reason: `installation ${document}`,
    recorded_at: stamp.recordedAt,
    actor_id: stamp.actor,
  }))
  await insertRegistryRows(tx, 'installation_timeline', rows)
  const notes = startRegisters === undefined ? [] : [{ meter, noted: startRegisters }]
  const noted = await noteRegisters(tx, { ...point, kind: change.kind, at, document }, notes, stamp)
  return noted.ok ? ok('applied') : noted
}

/** Whether this very change noted registers there. */
async function isNoted(
  tx: Transaction,
  meterId: bigint,
  { at }: InstallationChange,
  usagePointId: bigint,
): Promise<boolean> {
  const notes = await readChangeNotes(tx, meterId, Date.parse(at))
  return notes.some(({ notedFor }) => notedFor === noteKey('installation', usagePointId))
}
