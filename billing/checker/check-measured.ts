import { child, childOr, type Cursor, decimal, isAbsent, items, members, text, whole } from './cursor.js'
import type { CheckedEnergies } from './check-energies.js'
import { decodeDemands, type DemandItems } from './demand-evidence.js'
import { Fault, requireEqual } from './fault.js'
import { add, compare, integer, multiply, negate, type Rational, sum, zero } from './rational.js'
import { readRegisters, registerNames, type Registers, requireSameRegisters } from './registers.js'
import { countedBeside } from './counted.js'
import { segmentEnergies } from './segment-energies.js'
import { shareOfLoss } from './transformer-share.js'

/** Items of a demand that a settlement left: of the edition of 2007, and of 1997 its values and its times. */
const demandItems: Readonly<Record<string, DemandItems>> = {
  demand_max: { item: '0101FF01', live: ['A41F', 'B41F'] },
  demand_reverse_max: { item: '0102FF01', live: ['A42F', 'B42F'] },
}
/** Determinants whose name in a usage is another one. */
const namesInUsage: Readonly<Record<string, string>> = {
  demand_max: 'demand',
  export_energy: 'export',
  power_factor_reactive: 'reactive',
}

/**
 * What was measured beside the energy is what its frames say, after the multiplier, and what was rated is what was measured, in the slots
 * that the registers count.
 * @returns quantities of the usage that nothing in the proof leads to
 */
export function checkMeasured(proof: Cursor, energies: CheckedEnergies, version: Cursor): readonly string[] {
  const billEstimated = child(child(proof, 'bill'), 'estimated').value === true
  const known = new Map<string, Registers>(energies.ofRelations)
  if (energies.measured !== null) known.set('active_energy', energies.measured)
  const all = items(childOr(proof, 'measured', []))
  const sums = all.filter((one) => text(child(one, 'from')) === 'sum')
  const losses = all.filter((one) => text(child(one, 'from')) === 'transformer')
  for (const one of all.filter((each) => !sums.includes(each) && !losses.includes(each))) {
    const name = text(child(one, 'name'))
    const found = measured(one, name, billEstimated)
    if (found === null) continue
    requireSameRegisters(child(one, 'registers').path, found, readRegisters(child(one, 'registers')))
    known.set(name, found)
  }
  for (const one of losses) {
    const stated = child(child(one, 'registers'), 'total')
    const name = text(child(one, 'name'))
    const lost = shareOfLoss(child(one, 'transformer'), name === 'loss_active', energies.billed[0] ?? zero)
    requireEqual(stated.path, lost, decimal(stated))
    known.set(name, [lost, null, null, null, null])
  }
  for (const one of sums) {
    const parts = items(child(one, 'of')).map((part) => known.get(text(part))?.[0] ?? null)
    if (parts.includes(null)) continue
    const total = sum(parts.flatMap((part) => (part === null ? [] : [magnitude(part)])))
    const stated = child(child(one, 'registers'), 'total')
    requireEqual(stated.path, total, decimal(stated))
    known.set(text(child(one, 'name')), [total, null, null, null, null])
  }
  return checkUsed(proof, known, version)
}

/** Null for what the freeze worked out. */
function measured(one: Cursor, name: string, billEstimated: boolean): Registers | null {
  switch (text(child(one, 'from'))) {
    case 'registers':
      return differences(one, name, billEstimated)
    case 'settlements':
      return highest(one, name)
    default:
      return null
  }
}

function differences(one: Cursor, name: string, billEstimated: boolean): Registers {
  const what = countedBeside[name]
  if (what === undefined) throw new Fault(child(one, 'name').path, 'a quantity of registers', name)
  const segments = items(child(one, 'segments'))
  const energies = segments
    .map((segment) => segmentEnergies(segment, what, billEstimated))
    .reduce<readonly Rational[]>(
      (totals, part) => registerNames.map((_, index) => add(totals[index] ?? zero, part[index] ?? zero)),
      [],
    )
  // A register that no meter has is no quantity.
  const stated = readRegisters(child(one, 'registers'))
  return energies.map((value, index) => (stated[index] === null && compare(value, zero) === 0 ? null : value))
}

/** The highest of all settlements, each times its multiplier, register by register. */
function highest(one: Cursor, name: string): Registers | null {
  const item = demandItems[name]
  if (item === undefined) throw new Fault(child(one, 'name').path, 'a demand', name)
  let peaks: Registers = []
  for (const settlement of items(child(one, 'settlements'))) {
    const frame = child(settlement, 'frame')
    if (isAbsent(frame)) throw new Fault(frame.path, 'a frame', 'none')
    const stated = child(settlement, 'registers')
    const address = text(child(child(settlement, 'meter'), 'address'))
    const decoded = decodeDemands(frame, address, item, child(settlement, 'at'))
    requireSameRegisters(stated.path, decoded, readRegisters(stated))
    const multiplier = integer(BigInt(whole(child(settlement, 'multiplier'))))
    peaks = registerNames.map((_, index) => larger(peaks[index] ?? null, times(decoded[index] ?? null, multiplier)))
  }
  return peaks.length === 0 ? null : peaks
}

function times(value: Rational | null, multiplier: Rational): Rational | null {
  return value === null ? null : multiply(value, multiplier)
}

function larger(a: Rational | null, b: Rational | null): Rational | null {
  if (a === null || b === null) return a ?? b
  return compare(a, b) < 0 ? b : a
}

function magnitude(value: Rational): Rational {
  return compare(value, zero) < 0 ? negate(value) : value
}

/** What is rated beside the energy, by name, against what is known; losses are rated as such. */
function checkUsed(proof: Cursor, known: ReadonlyMap<string, Registers>, version: Cursor): readonly string[] {
  const [period] = items(child(child(proof, 'usage'), 'periods'))
  if (period === undefined) throw new Fault('usage.periods', 'a period', 'none')
  const entries = items(child(period, 'quantities')).filter((entry) => text(child(entry, 'name')) !== 'energy')
  const inUsage = new Map([...known].map(([name, registers]) => [namesInUsage[name] ?? name, registers]))
  // Where curves stand in for registers that counted other hours, totals alone are known of all others.
  const intervals = child(proof, 'intervals')
  const standsIn = !isAbsent(intervals) && !isAbsent(child(intervals, 'insteadOf'))
  const names = [...new Set(entries.map((entry) => text(child(entry, 'name'))))]
  for (const name of names) {
    const registers = inUsage.get(name)
    if (registers === undefined) continue
    const own = entries.filter((entry) => text(child(entry, 'name')) === name)
    requireUsed(`usage.${name}`, own, registers, standsIn ? null : version)
  }
  const losses = items(childOr(period, 'losses', []))
  const lost = known.get('loss_active')?.[0] ?? null
  if (lost !== null) requireEqual('usage.losses', lost, sum(losses.map((loss) => decimal(child(loss, 'activeLoss')))))
  // What no component asks for is rated by none.
  const said = JSON.stringify(version.value)
  return [
    ...names.filter((name) => !inUsage.has(name) && said.includes(`"${name}"`)),
    ...(losses.length > 0 && lost === null ? ['loss_active'] : []),
  ]
}

/** The entries of a quantity: the total, and by slot of the version, if there is one, what the registers of the slot counted. */
export function requireUsed(
  path: string,
  entries: readonly Cursor[],
  registers: Registers,
  version: Cursor | null,
): void {
  const valuesOf = (own: readonly Cursor[]) => sum(own.map((entry) => decimal(child(entry, 'value'))))
  const totals = entries.filter((entry) => isAbsent(child(entry, 'slot')))
  requireEqual(path, registers[0] ?? zero, valuesOf(totals))
  const slots = version === null ? null : slotsOf(version)
  if (slots === null) return
  for (const slot of new Set(Object.values(slots))) {
    const own = registers.slice(1).flatMap((value, index) => (slots[`tou${index + 1}`] === slot ? [value ?? zero] : []))
    const stated = entries.filter((entry) => child(entry, 'slot').value === slot)
    requireEqual(`${path}.${String(slot)}`, sum(own), valuesOf(stated))
  }
}

/** Slots by register; null where no calendar of the version says what registers count. */
function slotsOf(version: Cursor): Readonly<Record<string, unknown>> | null {
  const calendars = child(version, 'calendars')
  const registers = (isAbsent(calendars) ? [] : items(calendars))
    .map((calendar) => child(calendar, 'registers'))
    .find((one) => !isAbsent(one))
  return registers === undefined ? null : members(registers)
}
