import type { NotedRegisters } from '../../domain/meter-entries.js'
import type { MeterExchangeChange } from '../../domain/registry-change.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { noteKey, readChangeNotes } from '../../storage/registry/change-notes.js'
import * as registry from '../../storage/registry/changes.js'
import { isDescribedAs } from './new-meter.js'
import { toRegisterSet } from './noted-registers.js'

type RecordedExchange = NonNullable<Awaited<ReturnType<typeof registry.findMeterExchange>>>

/** Whether the exchange in the registry is this very change: meters, note and registers. */
export async function isSameExchange(
  tx: Transaction,
  change: MeterExchangeChange,
  there: RecordedExchange,
  usagePointId: bigint,
): Promise<boolean> {
  const { oldMeter, newMeter, document } = change
  const paper = { readAt: Date.parse(change.at), notedFor: noteKey('meter_exchange', usagePointId) }
  if (there.oldMeter !== oldMeter || there.newMeter !== newMeter.code || there.document !== document) return false
  const installed = await registry.findMeter(tx, newMeter.code)
  return (
    installed !== null &&
    isDescribedAs(installed, newMeter) &&
    (await isNoted(tx, oldMeter, paper, change.stopRegisters)) &&
    (await isNoted(tx, newMeter.code, paper, change.startRegisters))
  )
}

async function isNoted(
  tx: Transaction,
  code: string,
  { readAt, notedFor }: { readonly readAt: Instant; readonly notedFor: string },
  noted: NotedRegisters,
): Promise<boolean> {
  const meter = await registry.findMeter(tx, code)
  if (meter === null) return false
  const notes = await readChangeNotes(tx, meter.meterId, readAt)
  return notes.some(
    (note) =>
      (note.notedFor === notedFor || note.notedFor === '') && sameRegisters(note.registers, toRegisterSet(noted)),
  )
}
