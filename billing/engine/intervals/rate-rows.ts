import { maxBilledE4 } from '../../../domain/bill.js'
import { maxLinesPerBill } from '../columns.js'
import type { IntervalRates } from './interval-rates.js'
import type { KernelRoom } from './kernel-room.js'
import { commonMultiplier, layDays, type LayingProblem, type ShardDays } from './lay-days.js'
import { scalePrices } from './price-scale.js'
import { type IntervalShard, rateIntervalPrices, rateSlots, scratchBytes, type SlotCharges } from './rate-intervals.js'

/** Why an account is left out, after what the tariff and the freeze said. */
export type RowProblem =
  | LayingProblem
  | 'interval_days_unknown'
  | 'quantity_out_of_range'
  | 'negative_energy'
  | 'negative_slot_energy'

/** What the accounts of a shard are charged, by row; line i of row r, by the lines of its rates, is element most × r + i. */
export interface RowCharges {
  readonly most: number
  /** The rates, or why there are none. */
  readonly rates: (IntervalRates | { readonly code: string; readonly detail: string })[]
  readonly energyE4: Float64Array
  readonly quantityE4: Float64Array
  readonly fen: Float64Array
}

export function createRowCharges(count: number): RowCharges {
  const most = maxLinesPerBill
  const lines = most * count
  return {
    most,
    rates: Array.from({ length: count }),
    energyE4: new Float64Array(count),
    quantityE4: new Float64Array(lines),
    fen: new Float64Array(lines),
  }
}

/** As many accounts are laid out and rated at a time as stay in the caches between. */
const chunkBytes = 1 << 20
const bytesPerValue = 4

/** Rates rows of one tariff, period and length of intervals. */
export function rateRows(
  days: ShardDays,
  rates: IntervalRates,
  rows: readonly number[],
  room: KernelRoom,
  charges: RowCharges,
): void {
  const width = bytesPerValue * rates.intervals
  const most = Math.max(1, Math.floor(chunkBytes / width))
  const programs = rates.charges.flatMap((charge) => (charge.kind === 'slots' ? [charge.program] : []))
  const scratch = Math.max(...[rates.whole, ...programs].map(scratchBytes))
  const kernel = room(scratch + most * width)
  const multipliers = new Int32Array(most)
  for (let first = 0; first < rows.length; ) {
    const laid: number[] = []
    for (; first < rows.length && laid.length < most; first++) {
      const row = rows[first] ?? 0
      const into = new Uint8Array(kernel.memory, scratch + laid.length * width, width)
      const problem = layDays(days, row, rates.minutes, into)
      multipliers[laid.length] = commonMultiplier(days.links, row) ?? 1
      if (problem === null) laid.push(row)
      else charges.rates[row] = { code: problem, detail: '' }
    }
    const shard = { kernel, values: scratch, accounts: laid.length, scratch: 0, multipliers }
    rateChunk(shard, rates, laid, charges)
  }
}

function rateChunk(shard: IntervalShard, rates: IntervalRates, rows: readonly number[], charges: RowCharges): void {
  const bySlots = rates.charges.map((charge) =>
    charge.kind === 'slots' ? rateSlots(shard, charge.program, charge.scaled) : null,
  )
  const whole = bySlots.find((found) => found !== null) ?? rateSlots(shard, rates.whole, unpriced)
  addUp(whole, rows, charges.energyE4)
  let line = 0
  for (const [index, charge] of rates.charges.entries()) {
    const found = bySlots[index] ?? null
    if (charge.kind === 'series') takeSeries(rateIntervalPrices(shard, charge.pricesE8), rows, charges, line)
    else if (found !== null) takeSlots(found, rows, charges, line)
    line += charge.kind === 'series' ? 1 : charge.program.slots.length
  }
  for (const row of rows) {
    const problem = problemOf(charges, row, line)
    if (problem !== null) charges.rates[row] = { code: problem, detail: '' }
  }
}

const unpriced = scalePrices([0])

function addUp({ energyE4 }: SlotCharges, rows: readonly number[], into: Float64Array): void {
  const slots = energyE4.length / rows.length
  for (const [index, row] of rows.entries()) {
    let sum = 0
    for (let slot = index * slots; slot < (index + 1) * slots; slot++) sum += energyE4[slot] ?? 0
    into[row] = sum
  }
}

function takeSeries(
  amounts: Float64Array,
  rows: readonly number[],
  { most, energyE4, quantityE4, fen }: RowCharges,
  line: number,
): void {
  for (const [index, row] of rows.entries()) {
    quantityE4[most * row + line] = energyE4[row] ?? 0
    fen[most * row + line] = amounts[index] ?? 0
  }
}

function takeSlots(found: SlotCharges, rows: readonly number[], charges: RowCharges, line: number): void {
  const slots = found.fen.length / rows.length
  for (const [index, row] of rows.entries()) {
    const into = charges.most * row + line
    for (let slot = 0; slot < slots; slot++) {
      charges.quantityE4[into + slot] = found.energyE4[index * slots + slot] ?? 0
      charges.fen[into + slot] = found.fen[index * slots + slot] ?? 0
    }
  }
}

const limitE4 = Number(maxBilledE4)

function problemOf({ most, energyE4, quantityE4, fen }: RowCharges, row: number, lines: number): RowProblem | null {
  const energy = energyE4[row] ?? 0
  if (energy > limitE4) return 'quantity_out_of_range'
  if (energy < 0) return 'negative_energy'
  for (let line = most * row; line < most * row + lines; line++) {
    if ((quantityE4[line] ?? 0) < 0) return 'negative_slot_energy'
    if ((quantityE4[line] ?? 0) > limitE4) return 'quantity_out_of_range'
    if (Number.isNaN(fen[line])) return 'interval_out_of_range'
  }
  return null
}
