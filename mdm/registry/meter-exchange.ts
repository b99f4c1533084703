import type { MeterExchangeChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { reviseTimeline, type Segment, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { takeNewMeter } from './new-meter.js'
import { noteRegisters } from './note-registers.js'
import { fitsDisplay, toRegisterSet } from './noted-registers.js'
import { isSameExchange } from './recorded-exchange.js'
import type { Stamp } from './registry-rows.js'

/** The new meter takes over at the instant; stop and start registers become claims with source exchange. */
export async function exchangeMeter(
  tx: Transaction,
  change: MeterExchangeChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  if (point === null) return refuse('unknown_code', `usage point ${change.usagePoint} is not in the registry`)
  const there = await registry.findMeterExchange(tx, point.usagePointId, Date.parse(change.at))
  if (there !== null) {
    if (await isSameExchange(tx, change, there, point.usagePointId)) return ok('exists')
    const reason = `another exchange at ${change.usagePoint} is recorded for ${change.at}`
    return refuse('exists_with_different_content', reason)
  }
  const located = await locate(tx, change, point.usagePointId)
  if (!located.ok) return located
  const newMeterId = await takeNewMeter(tx, change.newMeter, located.value.at)
  if (newMeterId === null)
    return refuse('exists_with_different_content', `meter ${change.newMeter.code} is installed or described otherwise`)
  await record(tx, change, { ...located.value, newMeterId }, stamp)
  const { at, oldMeterId } = located.value
  const noted = await noteRegisters(
    tx,
    { ...point, kind: 'meter_exchange', at, document: change.document },
    [
      { meter: { meterId: oldMeterId, code: change.oldMeter }, noted: change.stopRegisters },
      { meter: { meterId: newMeterId, code: change.newMeter.code }, noted: change.startRegisters },
    ],
    stamp,
  )
  return noted.ok ? ok('applied') : noted
}

interface Located {
  readonly usagePointId: bigint
  readonly at: Instant
  readonly oldMeterId: bigint
  readonly timeline: registry.Timeline<registry.Installation>
  readonly current: Segment<registry.Installation>
}

/** The installation that ends, if the old meter really measures the point and both notes fit their displays. */
async function locate(
  tx: Transaction,
  change: MeterExchangeChange,
  usagePointId: bigint,
): Promise<Result<Located, ChangeRefused>> {
  const { oldMeter: code, newMeter } = change
  const at = Date.parse(change.at)
  const oldMeter = await registry.findMeter(tx, code)
  if (oldMeter === null) return refuse('unknown_code', `meter ${code} is not in the registry`)
  const timeline = await registry.readInstallations(tx, usagePointId)
  const current = segmentAt(timeline.segments, at)
  if (current === null || current.value.meterId !== oldMeter.meterId || current.from === at)
    return refuse('not_installed', `meter ${code} does not measure ${change.usagePoint} before ${change.at}`)
  const fit =
    fitsDisplay(toRegisterSet(change.stopRegisters), oldMeter) &&
    fitsDisplay(toRegisterSet(change.startRegisters), newMeter)
  if (!fit)
    return refuse('does_not_fit_display', `the noted registers do not fit the display of ${code} or ${newMeter.code}`)
  return ok({ usagePointId, at, oldMeterId: oldMeter.meterId, timeline, current })
}

async function record(
  tx: Transaction,
  change: MeterExchangeChange,
  located: Located & { readonly newMeterId: bigint },
  stamp: Stamp,
): Promise<void> {
  const { usagePointId, at, oldMeterId, newMeterId, timeline, current } = located
  const recorded = { recorded_at: stamp.recordedAt, actor_id: stamp.actor }
  const value = { ...current.value, meterId: newMeterId }
  const rows = reviseTimeline(timeline.segments, { from: at, to: current.to, value }).map((segment) => ({
    usage_point_id: usagePointId,
    revision: timeline.revision + 1,
    effective_from: segment.from,
    effective_to: segment.to,
    meter_id: segment.value.meterId,
    line_id: segment.value.lineId,
    reason: `meter exchange ${change.document}`,
    ...recorded,
  }))
  await insertRegistryRows(tx, 'installation_timeline', rows)
  await registry.insertMeterExchange(tx, {
    usage_point_id: usagePointId,
    exchanged_at: at,
    old_meter_id: oldMeterId,
    new_meter_id: newMeterId,
    document: change.document,
    ...recorded,
  })
}
