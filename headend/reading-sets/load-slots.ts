import { ok, err, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { FieldValue } from '../../protocols/dlt645/field.js'
import { type LoadRecord, parseLoadRecords } from '../../protocols/dlt645/load-records.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { SetItemError } from './set-item-error.js'
import { toE4 } from './to-e4.js'

/** What one load record says of the classes that make curves; null for a class that it does not hold. */
export interface LoadSlot {
  /** The record's own stamp; which end of the slot it names is said by whoever knows the source. */
  readonly stamp: Instant
  /** Class 2: active power total, A, B, C, reactive power total, A, B, C; kW and kvar e4. */
  readonly powerE4: readonly (bigint | null)[] | null
  /** Class 4: forward, reverse active, combined reactive 1, 2 registers; kWh and kvarh e4. */
  readonly energyE4: readonly (bigint | null)[] | null
}

const powerClass = 2
const energyClass = 4

/**
 * The records of a payload that can be dated and whose values are values. A record that the meter itself marked as bad, or that has
 * no time, is as good as none.
 */
export function loadSlots(payload: Buffer): Result<readonly LoadSlot[], SetItemError> {
  const records = parseLoadRecords(payload)
  return records === null ? err({ kind: 'value_invalid' }) : ok(records.flatMap(slotOf))
}

function slotOf({ time, classes, isSound }: LoadRecord): readonly LoadSlot[] {
  const powerE4 = valuesOf(classes[powerClass - 1])
  const energyE4 = valuesOf(classes[energyClass - 1])
  if (!isSound || time.value === null) return []
  return [{ stamp: instantOfMeterTime(`${time.value}:00`), powerE4, energyE4 }]
}

/** Null where the class is not kept, holds nothing but absences, or a value that is none. */
function valuesOf(fields: readonly FieldValue[] | null | undefined): readonly (bigint | null)[] | null {
  if (fields === null || fields === undefined) return null
  if (fields.some(({ state }) => state === 'invalid') || fields.every(({ value }) => value === null)) return null
  return fields.map(({ value }) => toE4(value))
}
