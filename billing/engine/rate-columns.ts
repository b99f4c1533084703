import { components, type HoldCode, holdCodes, maxBilledE4, noBlock, slots } from '../../domain/bill.js'
import { present } from '../../domain/result.js'
import { monthIndex } from './calendar-days.js'
import { chargeFen } from './charge-fen.js'
import { type BillColumns, noProgram, type UsageColumns } from './columns.js'
import type { RateProgram } from './compile-program.js'
import { createLineWriter, type LineWriter } from './line-writer.js'

/** Four registers an account. */
export type QuantityColumns = Pick<UsageColumns, 'energyE4' | 'touE4'>

const limitE4 = Number(maxBilledE4)
const firstSlot = slots.sharp
const lastSlot = slots.valley
const notHeld = 0

/**
 * The fast twin of `billing/rating`: the same rules in the same order over columns of exact integers. Account i of the result
 * is account i of the usages.
 */
export function rateColumns(programs: readonly RateProgram[], usages: UsageColumns): BillColumns {
  const writer = createLineWriter(usages.count)
  const slotEnergies = new Float64Array(lastSlot + 1)
  for (let row = 0; row < usages.count; row++) {
    if (usages.program[row] === noProgram) {
      writer.close(row, holdNumber('unknown_tariff'), 0)
      continue
    }
    const program = present(programs[usages.program[row] ?? -1], `rate program of row ${row}`)
    const hold = rateRow(program, usages, row, slotEnergies, writer)
    writer.close(row, hold, closingLadder(program, usages, row))
  }
  return writer.finish()
}

function rateRow(
  program: RateProgram,
  usages: UsageColumns,
  row: number,
  slotEnergies: Float64Array,
  writer: LineWriter,
): number {
  const hold = checkQuantities(usages, row, openingOf(usages, row)) || splitSlots(program, usages, row, slotEnergies)
  if (hold !== notHeld) return hold
  if (program.ladder !== 'full') chargeSlots(program, slotEnergies, writer)
  return program.ladder === 'none' ? notHeld : checkLadder(usages, row) || chargeBlocks(program, usages, row, writer)
}

/** @returns 0, or a hold */
export function checkQuantities(usages: QuantityColumns, row: number, openingE4: number): number {
  const energyE4 = at(usages.energyE4, row)
  let highest = Math.max(Math.abs(energyE4), Math.abs(openingE4))
  for (let register = 4 * row; register < 4 * row + 4; register++) {
    highest = Math.max(highest, Math.abs(at(usages.touE4, register)))
  }
  if (highest > limitE4) return holdNumber('quantity_out_of_range')
  return energyE4 < 0 ? holdNumber('negative_energy') : notHeld
}

/** Energy by slot number, the rest of the total in the residual slot. @returns 0, or a hold */
export function splitSlots(
  { registerSlots, residualSlot }: Pick<RateProgram, 'registerSlots' | 'residualSlot'>,
  usages: QuantityColumns,
  row: number,
  slotEnergies: Float64Array,
): number {
  slotEnergies.fill(0)
  let rest = at(usages.energyE4, row)
  const registers = registerSlots?.length ?? 0
  for (let register = 0; register < registers; register++) {
    const slot = registerSlots?.[register] ?? -1
    const energyE4 = at(usages.touE4, 4 * row + register)
    if (slot < 0 && energyE4 !== 0) return holdNumber('register_without_slot')
    if (slot >= 0) slotEnergies[slot] = at(slotEnergies, slot) + energyE4
    rest -= energyE4
  }
  slotEnergies[residualSlot] = at(slotEnergies, residualSlot) + rest
  for (let slot = 0; slot < slotEnergies.length; slot++)
    if (at(slotEnergies, slot) < 0) return holdNumber('negative_slot_energy')
  return notHeld
}

function chargeSlots(program: RateProgram, slotEnergies: Float64Array, writer: LineWriter): void {
  const [first, last] = program.registerSlots === null ? [slots.all, slots.all] : [firstSlot, lastSlot]
  for (let slot: number = first; slot <= last; slot++) {
    addLine(program, components.energy, slot, noBlock, at(slotEnergies, slot), program.slotPrices[slot] ?? 0, writer)
  }
}

function checkLadder(usages: UsageColumns, row: number): number {
  const periodToDay = at(usages.periodToDay, row)
  if (at(usages.ladderFromDay, row) >= periodToDay) return holdNumber('ladder_from_after_period')
  const firstYear = Math.floor(monthIndex(at(usages.periodFromDay, row)) / 12)
  const lastYear = Math.floor(monthIndex(periodToDay - 1) / 12)
  if (firstYear !== lastYear) return holdNumber('period_crosses_ladder_year')
  return Number.isNaN(at(usages.ladderOpeningE4, row)) ? holdNumber('ladder_opening_unknown') : notHeld
}

function chargeBlocks(program: RateProgram, usages: UsageColumns, row: number, writer: LineWriter): number {
  const component = program.ladder === 'full' ? components.energy : components.ladder_increment
  const months = monthsInUse(usages, row)
  const closingE4 = openingOf(usages, row) + at(usages.energyE4, row)
  let lowerE4 = openingOf(usages, row)
  for (let block = 1; block <= program.blockPrices.length; block++) {
    const limit = program.monthlyLimitsE4[block - 1]
    const energyE4 = blockEnergyE4(limit === undefined ? Number.POSITIVE_INFINITY : limit * months, lowerE4, closingE4)
    addLine(program, component, slots.all, block, energyE4, program.blockPrices[block - 1] ?? 0, writer)
    lowerE4 += energyE4
  }
  return notHeld
}

/** What a block takes of a ladder that has come to `closingE4` and lies in the blocks before up to `lowerE4`. */
export function blockEnergyE4(boundE4: number, lowerE4: number, closingE4: number): number {
  return Math.max(Math.min(closingE4, boundE4) - lowerE4, 0)
}

function monthsInUse(usages: UsageColumns, row: number): number {
  const lastMonth = monthIndex(at(usages.periodToDay, row) - 1)
  const yearStart = lastMonth - (lastMonth % 12)
  const first = Math.max(yearStart, monthIndex(at(usages.ladderFromDay, row)))
  const last = at(usages.transfer, row) === 1 ? lastMonth : yearStart + 11
  return last - first + 1
}

function addLine(
  program: RateProgram,
  component: number,
  slot: number,
  block: number,
  quantityE4: number,
  price: number,
  writer: LineWriter,
): void {
  if (quantityE4 === 0 || price === 0) return
  writer.add(component, slot, block, quantityE4, price * program.toPriceE8, chargeFen(program, quantityE4, price))
}

function closingLadder(program: RateProgram, usages: UsageColumns, row: number): number {
  return program.ladder === 'none' ? 0 : openingOf(usages, row) + at(usages.energyE4, row)
}

function openingOf(usages: UsageColumns, row: number): number {
  const openingE4 = at(usages.ladderOpeningE4, row)
  return Number.isNaN(openingE4) ? 0 : openingE4
}

function holdNumber(code: HoldCode): number {
  return 1 + holdCodes.indexOf(code)
}

function at(column: Float64Array | Int32Array | Uint8Array, index: number): number {
  return column[index] ?? 0
}
