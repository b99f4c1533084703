import type { Demand, DemandSet } from '../../domain/demand.js'
import { type DemandQuantity, demandQuantities, type Quantity, quantities } from '../../domain/quantities.js'
import type { RegisterSet } from '../../domain/reading.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { FieldValue } from '../../protocols/dlt645/field.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { SetItemError } from './set-item-error.js'
import type { SetValue } from './set-value.js'
import { toE4 } from './to-e4.js'

/** A row of readings has room for as many tariffs. */
const mostTariffs = 4
/** `forwardActiveEnergyTotal`, `forwardActiveEnergyTou2`, `forwardActiveDemandTou2Time`, 1997: `forwardActiveDemandTimeTotal`. */
const registerName = /^(\w+?)(Time)?(?:Total|Tou(\d+))(Time)?$/

/**
 * Registers or maximum demands of the fields of a block, total first: energies kWh or kvarh e4, demands kW e4. Tariffs that the meter
 * says it does not have are null, as are those it does not send; an absent total is an absent value, since tariffs without a total
 * cannot be checked. `unknown_item` where the fields are no registers that are read in sets.
 */
export function registerValue(fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const [total] = fields
  const [, base = '', timeIn1997] = registerName.exec(total?.name ?? '') ?? []
  const name = snakeCase(base)
  if (isQuantity(name)) return registersOf(name, fields)
  if (!isDemandQuantity(name)) return err({ kind: 'unknown_item' })
  if (timeIn1997 !== undefined) return demandTimes(name, fields)
  const hasTimes = fields[1]?.name.endsWith('Time') === true
  return hasTimes ? demandsOf(name, fields) : demandValues(name, fields)
}

function registersOf(quantity: Quantity, fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const values = fields.map(({ value }) => toE4(value))
  const [totalE4, ...tariffs] = values
  if (tariffs.length > mostTariffs) return err({ kind: 'more_than_four_tariffs' })
  if (totalE4 === null || totalE4 === undefined) return err({ kind: 'value_absent' })
  const touE4 = fourOf(tariffs)
  return ok({ kind: 'registers', quantity, registers: { totalE4, touE4 } satisfies RegisterSet })
}

function demandsOf(quantity: DemandQuantity, fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const demands = pairs(fields).map(([value, time]) => toDemand(value, time))
  const [total, ...tariffs] = demands
  if (tariffs.length > mostTariffs) return err({ kind: 'more_than_four_tariffs' })
  if (total === null || total === undefined) return err({ kind: 'value_absent' })
  return ok({ kind: 'demand', quantity, demands: { total, tou: fourOf(tariffs) } satisfies DemandSet })
}

function demandValues(quantity: DemandQuantity, fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  const valuesE4 = fields.map(({ value }) => toE4(value))
  if (valuesE4.length > 1 + mostTariffs) return err({ kind: 'more_than_four_tariffs' })
  return valuesE4[0] === null ? err({ kind: 'value_absent' }) : ok({ kind: 'demand_values', quantity, valuesE4 })
}

function demandTimes(quantity: DemandQuantity, fields: readonly FieldValue[]): Result<SetValue, SetItemError> {
  if (fields.length > 1 + mostTariffs) return err({ kind: 'more_than_four_tariffs' })
  return ok({ kind: 'demand_times', quantity, times: fields.map(({ value }) => value) })
}

function pairs(fields: readonly FieldValue[]): readonly (readonly [FieldValue, FieldValue])[] {
  return Array.from({ length: fields.length / 2 }, (_, index) => [
    present(fields[2 * index], 'a demand'),
    present(fields[2 * index + 1], 'the time of a demand'),
  ])
}

function toDemand(value: FieldValue, time: FieldValue): Demand | null {
  const valueE4 = toE4(value.value)
  return valueE4 === null ? null : { valueE4, occurredAt: toInstant(time.value) }
}

function toInstant(minute: string | null): Instant | null {
  return minute === null ? null : instantOfMeterTime(`${minute}:00`)
}

function fourOf<T>(tariffs: readonly (T | null)[]): readonly [T | null, T | null, T | null, T | null] {
  return [tariffs[0] ?? null, tariffs[1] ?? null, tariffs[2] ?? null, tariffs[3] ?? null]
}

function isQuantity(name: string): name is Quantity {
  return Object.hasOwn(quantities, name)
}

function isDemandQuantity(name: string): name is DemandQuantity {
  return Object.hasOwn(demandQuantities, name)
}

function snakeCase(name: string): string {
  return name.replaceAll(/([A-Z])/g, '_$1').toLowerCase()
}
