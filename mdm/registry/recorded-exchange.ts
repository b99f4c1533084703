import { readingSources } from '../../domain/reading.js'
import type { NotedRegisters } from '../../domain/meter-entries.js'
import type { MeterExchangeChange } from '../../domain/registry-change.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { isDescribedAs } from './new-meter.js'
import { toRegisterSet } from './noted-registers.js'

type RecordedExchange = NonNullable<Awaited<ReturnType<typeof registry.findMeterExchange>>>

/** Whether the exchange in the registry is this very change: meters, note and registers. */
export async function isSameExchange(
  tx: Transaction,
  change: MeterExchangeChange,
  there: RecordedExchange,
): Promise<boolean> {
  const { oldMeter, newMeter, document, at } = change
  if (there.oldMeter !== oldMeter || there.newMeter !== newMeter.code || there.document !== document) return false
  const installed = await registry.findMeter(tx, newMeter.code)
  return (
    installed !== null &&
    isDescribedAs(installed, newMeter) &&
    (await isNoted(tx, oldMeter, at, change.stopRegisters)) &&
    (await isNoted(tx, newMeter.code, at, change.startRegisters))
  )
}

async function isNoted(tx: Transaction, code: string, at: string, noted: NotedRegisters) {
  const meter = await registry.findMeter(tx, code)
  if (meter === null) return false
  const key = { meterId: meter.meterId, readAt: Date.parse(at), source: readingSources.exchange }
  const registers = await registry.readManualReading(tx, key)
  return registers !== null && sameRegisters(registers, toRegisterSet(noted))
}
