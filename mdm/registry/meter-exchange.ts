import { readingSources } from '../../domain/reading.js'
import type { MeterEntry, MeterExchangeChange } from '../../domain/registry-document.js'
import { ok, type Result } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { reviseTimeline, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { fitsDisplay, toRegisterSet } from './noted-registers.js'
import type { Stamp } from './registry-rows.js'

/** The new meter takes over at the instant; stop and start registers become claims with source exchange. */
export async function exchangeMeter(
  tx: Transaction,
  change: MeterExchangeChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  if (point === null) return refuse('unknown_code', `usage point ${change.usagePoint} is not in the registry`)
  const at = Date.parse(change.at)
  const there = await registry.findMeterExchange(tx, point.usagePointId, at)
  if (there !== null) return (await isSame(tx, change, there)) ? ok('exists') : refuse('exists_with_different_content', differs(change))
  const oldMeter = await registry.findMeter(tx, change.oldMeter)
  if (oldMeter === null) return refuse('unknown_code', `meter ${change.oldMeter} is not in the registry`)
  const timeline = await registry.readInstallations(tx, point.usagePointId)
  const current = segmentAt(timeline.segments, at)
  if (current === null || current.value.meterId !== oldMeter.meterId || current.from === at)
    return refuse('not_installed', `meter ${change.oldMeter} does not measure ${change.usagePoint} before ${change.at}`)
  const [stop, start] = [toRegisterSet(change.stopRegisters), toRegisterSet(change.startRegisters)]
  if (!fitsDisplay(stop, oldMeter) || !fitsDisplay(start, change.newMeter))
    return refuse('does_not_fit_display', `the noted registers do not fit the display of ${change.oldMeter} or ${change.newMeter.code}`)
  const meterId = await takeNewMeter(tx, change.newMeter, at)
  if (meterId === null)
    return refuse('exists_with_different_content', `meter ${change.newMeter.code} is installed or described otherwise`)
  const segments = reviseTimeline(timeline.segments, { from: at, to: current.to, value: { ...current.value, meterId } })
  await insertRegistryRows(
    tx,
    'installation_timeline',
    segments.map(({ from, to, value }) => ({
      usage_point_id: point.usagePointId,
      revision: timeline.revision + 1,
      effective_from: from,
      effective_to: to,
      meter_id: value.meterId,
      line_id: value.lineId,
      recorded_at: stamp.recordedAt,
      actor_id: stamp.actor,
      reason: `meter exchange ${change.document}`,
    })),
  )
  await registry.insertMeterExchange(tx, {
    usage_point_id: point.usagePointId,
    exchanged_at: at,
    old_meter_id: oldMeter.meterId,
    new_meter_id: meterId,
    document: change.document,
    recorded_at: stamp.recordedAt,
    actor_id: stamp.actor,
  })
  const noted = { readAt: at, source: readingSources.exchange, document: change.document, ...stamp }
  await registry.insertManualReadings(tx, [
    { ...noted, meterId: oldMeter.meterId, registers: stop },
    { ...noted, meterId, registers: start },
  ])
  return ok('applied')
}

/** The id of the meter to install: a new one, or one in stock that is described the same. Null when it contradicts. */
async function takeNewMeter(tx: Transaction, entry: MeterEntry, at: number): Promise<bigint | null> {
  const there = await registry.findMeter(tx, entry.code)
  if (there !== null) {
    const usable = isDescribedAs(there, entry) && !(await registry.isInstalledFrom(tx, there.meterId, at))
    return usable ? there.meterId : null
  }
  const meterId = await registry.nextMeterId(tx)
  await insertRegistryRows(tx, 'meter', [
    {
      meter_id: meterId,
      code: entry.code,
      protocol: entry.protocol,
      communication_address: entry.communicationAddress,
      model: entry.model,
      register_digits: entry.registerDigits,
      register_decimals: entry.registerDecimals,
    },
  ])
  return meterId
}

function isDescribedAs(there: Omit<MeterEntry, 'code' | 'protocol'> & { readonly protocol: string }, entry: MeterEntry): boolean {
  return (
    there.protocol === entry.protocol &&
    there.communicationAddress === entry.communicationAddress &&
    there.model === entry.model &&
    there.registerDigits === entry.registerDigits &&
    there.registerDecimals === entry.registerDecimals
  )
}

async function isSame(
  tx: Transaction,
  change: MeterExchangeChange,
  there: { readonly oldMeter: string; readonly newMeter: string; readonly document: string },
): Promise<boolean> {
  if (there.oldMeter !== change.oldMeter || there.newMeter !== change.newMeter.code || there.document !== change.document)
    return false
  return (
    (await isNoted(tx, change.oldMeter, change.at, change.stopRegisters)) &&
    (await isNoted(tx, change.newMeter.code, change.at, change.startRegisters))
  )
}

async function isNoted(tx: Transaction, code: string, at: string, noted: MeterExchangeChange['stopRegisters']) {
  const meter = await registry.findMeter(tx, code)
  if (meter === null) return false
  const key = { meterId: meter.meterId, readAt: Date.parse(at), source: readingSources.exchange }
  const registers = await registry.readManualReading(tx, key)
  return registers !== null && sameRegisters(registers, toRegisterSet(noted))
}

function differs(change: MeterExchangeChange): string {
  return `another exchange at ${change.usagePoint} is recorded for ${change.at}`
}
