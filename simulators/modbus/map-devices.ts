import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { atDecimals, type ExactDecimal, formatUnits, parseExact } from '../../protocols/modbus/exact-decimal.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import type { MeterModel, MeterModelError, MeterRegister, ReadLimits } from '../../protocols/modbus/meter-model.js'
import { maxRegistersPerRead } from '../../protocols/modbus/pdu-limits.js'
import { bytesOf, planReads } from '../../protocols/modbus/read-plan.js'
import { encodeRegister, type RegisterTextError } from '../../protocols/modbus/register-value.js'
import type { ModbusDevice } from './answer-pdu.js'
import { type Counting, countedUnits } from './counting.js'
import type { MapDevice, ModbusMap, ModbusMapError } from './map-file.js'
import { createRegisterBank, type LiveCells, type StoredCells } from './register-bank.js'
import type { DevicesByUnit } from './serve-stream.js'

export interface MapContext {
  /** The map's file, for errors. */
  readonly file: string
  /** Reads a model file that the map names. */
  readonly readModel: (path: string) => Result<MeterModel, MeterModelError>
  /** When registers without a date of their own begin to count. */
  readonly startedAt: Instant
}

type Built<T> = Result<T, ModbusMapError>

/** The devices of a map by unit id, or the first thing in it that cannot be simulated. */
export function devicesOf({ devices }: ModbusMap, context: MapContext): Built<DevicesByUnit> {
  const byUnit = new Map<number, ModbusDevice>()
  for (const [index, device] of devices.entries()) {
    for (const unit of device.units) {
      // Each unit has a memory of its own.
      const built = deviceOf(device, `devices.${index}`, context)
      if (!built.ok) return built
      byUnit.set(unit, built.value)
    }
  }
  return ok(byUnit)
}

interface Described {
  readonly registers: readonly MeterRegister[]
  readonly limits: ReadLimits
}

/** Without a model every register stands alone. */
const noGaps: ReadLimits = { maxRegisters: maxRegistersPerRead, maxGap: 0 }

function deviceOf(device: MapDevice, path: string, context: MapContext): Built<ModbusDevice> {
  const described = describedBy(device, path, context)
  if (!described.ok) return described
  const shown = shownBy(device, described.value.registers, path, context)
  if (!shown.ok) return shown
  const stored = storedCells(device)
  const beyond = stored.find(({ address, values }) => address + values.length > 0x1_0000)
  if (beyond !== undefined)
    return refused(context, `${path}.${beyond.table}`, `values from ${beyond.address} on lead beyond 65535`)
  const bank = createRegisterBank(stored, liveCells(described.value, shown.value))
  return ok({ bank, functions: new Set(device.functions) })
}

function storedCells(device: MapDevice): readonly StoredCells[] {
  return (['coils', 'discreteInputs', 'holding', 'input'] as const).flatMap((table) =>
    device[table].map(({ address, values }) => ({ table, address, values })),
  )
}

function describedBy(device: MapDevice, path: string, context: MapContext): Built<Described> {
  if (device.registers !== undefined) return ok({ registers: device.registers, limits: noGaps })
  if (device.modelFile !== undefined) return context.readModel(device.modelFile)
  if (device.model === undefined) return ok({ registers: [], limits: noGaps })
  const model = findMeterModel(device.model)
  return model === null
    ? refused(context, `${path}.model`, `no model ${device.model} ships with the product`)
    : ok(model)
}

type Shown = (now: Instant) => Buffer

/** What each register shows over time, by name. */
function shownBy(
  { values, counting }: MapDevice,
  registers: readonly MeterRegister[],
  path: string,
  context: MapContext,
): Built<ReadonlyMap<string, Shown>> {
  const shown = new Map<string, Shown>()
  const find = (name: string) => registers.find((one) => one.name === name)
  for (const [name, text] of Object.entries(values)) {
    const register = find(name)
    if (register === undefined) return refused(context, `${path}.values.${name}`, 'the device has no such register')
    const bytes = encodeRegister(register, text)
    if (!bytes.ok) return refused(context, `${path}.values.${name}`, reasonOf(register, bytes.error))
    shown.set(name, () => bytes.value)
  }
  for (const [name, { start, perHour, since, wrapAt }] of Object.entries(counting)) {
    const register = find(name)
    const at = `${path}.counting.${name}`
    if (register === undefined) return refused(context, at, 'the device has no such register')
    if (shown.has(name)) return refused(context, at, 'the register has a value already')
    const [first, rate, wrap] = [start, perHour, wrapAt].map(parseExact)
    if (!first || !rate || !wrap) return refused(context, at, 'expected decimals')
    const counts = {
      start: first,
      perHour: rate,
      since: since === undefined ? context.startedAt : Date.parse(since),
      wrapAt: wrap,
    }
    const defect = countingDefect(register, counts)
    if (defect !== null) return refused(context, at, defect)
    shown.set(name, (now) => shownCount(register, counts, now))
  }
  return ok(shown)
}

function countingDefect(register: MeterRegister, { start, wrapAt }: Counting): string | null {
  const { decimals } = register
  if (atDecimals(start, decimals) === null || atDecimals(wrapAt, decimals) === null)
    return `more than the ${decimals} decimals of the register`
  if (!isLess(start, wrapAt, decimals)) return 'starts at or beyond the value at which it wraps'
  const largest = (atDecimals(wrapAt, decimals) ?? 0n) - 1n
  const bytes = encodeRegister(register, formatUnits(largest, decimals))
  return bytes.ok ? null : `wrapAt: ${reasonOf(register, bytes.error)}`
}

function isLess(left: ExactDecimal, right: ExactDecimal, decimals: number): boolean {
  return (atDecimals(left, decimals) ?? 0n) < (atDecimals(right, decimals) ?? 0n)
}

function shownCount(register: MeterRegister, counting: Counting, now: Instant): Buffer {
  const bytes = encodeRegister(register, formatUnits(countedUnits(counting, register.decimals, now), register.decimals))
  return bytes.ok ? bytes.value : Buffer.alloc(0)
}

/** One block per planned read: what lies in its gaps is there and zero, so that a plan can be read as planned. */
function liveCells({ registers, limits }: Described, shown: ReadonlyMap<string, Shown>): readonly LiveCells[] {
  return planReads(registers, limits).map((read) => ({
    table: read.request.function === 3 ? 'holding' : 'input',
    address: read.request.start,
    count: read.request.count,
    bytesAt(now) {
      const block = Buffer.alloc(2 * read.request.count)
      for (const register of read.registers)
        shown
          .get(register.name)?.(now)
          .copy(bytesOf(read, register, block))
      return block
    },
  }))
}

function reasonOf({ decimals, type }: MeterRegister, error: RegisterTextError): string {
  switch (error.kind) {
    case 'precision_exceeded':
      return `more than the ${decimals} decimals of the register`
    case 'value_out_of_range':
      return `does not fit ${type}`
    case 'not_a_decimal':
    default:
      return 'expected a decimal'
  }
}

function refused({ file }: MapContext, path: string, reason: string): Built<never> {
  return err({ kind: 'invalid_modbus_map', file, path, reason })
}
