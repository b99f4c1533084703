import type { Instant } from '../../domain/time.js'
import { segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import { findMeterById, readInstallations } from '../../storage/registry/changes.js'

/** The meter that measures a usage point at an instant; null where none does. */
export async function measuringMeter(tx: Transaction, usagePointId: bigint, at: Instant) {
  const installed = segmentAt((await readInstallations(tx, usagePointId)).segments, at)
  return installed === null ? null : findMeterById(tx, installed.value.meterId)
}
