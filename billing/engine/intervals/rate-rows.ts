import { maxBilledE4 } from '../../../domain/bill.js'
import { maxLinesPerBill } from '../columns.js'
import type { IntervalRates } from './interval-rates.js'
import type { IntervalKernel } from './kernel.js'
import { commonMultiplier, layDays, type LayingProblem, type ShardDays } from './lay-days.js'
import { placeDays } from './place-days.js'
import { scalePrices } from './price-scale.js'
import {
  daysInOrder,
  type IntervalShard,
  rateIntervalPrices,
  rateSlots,
  scratchBytes,
  type SlotCharges,
} from './rate-intervals.js'

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

/** As many accounts are rated at a time as stay in the caches between one charge and the next. */
const chunkBytes = 1 << 20
/** As many of them may have days that have to be laid out, rather than rated where they stand. */
const mostLaid = 16
const bytesPerValue = 4

/** Places in the memory of a kernel, one behind the other. */
export interface RowRoom {
  readonly kernel: IntervalKernel
  /** Where days are laid out. */
  readonly laidAt: number
  readonly scratch: number
  /** The bytes that the days came in. */
  readonly bytesAt: number
}

/** Behind the bytes of a shard, which stand in the memory of the kernel, the room that is needed to rate them. */
export function createRowRoom(kernel: IntervalKernel, all: readonly IntervalRates[], bytes: Uint8Array): RowRoom {
  const programs = all.flatMap(({ whole, charges }) => [
    whole,
    ...charges.flatMap((charge) => (charge.kind === 'slots' ? [charge.program] : [])),
  ])
  const scratch = 16 * Math.ceil((bytes.byteOffset + bytes.length) / 16)
  const laidAt = scratch + Math.max(0, ...programs.map(scratchBytes))
  const laidBytes = mostLaid * bytesPerValue * Math.max(0, ...all.map(({ intervals }) => intervals))
  kernel.reserve(laidAt + laidBytes)
  return { kernel, laidAt, scratch, bytesAt: bytes.byteOffset }
}

/** Rates rows of one tariff, period and length of intervals. */
export function rateRows(
  days: ShardDays,
  rates: IntervalRates,
  rows: readonly number[],
  { kernel, laidAt, scratch, bytesAt }: RowRoom,
  charges: RowCharges,
): void {
  const width = bytesPerValue * rates.intervals
  const most = Math.max(1, Math.floor(chunkBytes / width))
  const { firsts } = rates.whole
  const dayAt = new Int32Array(most * firsts.length)
  const multipliers = new Int32Array(most)
  for (let next = 0; next < rows.length; ) {
    const placed: number[] = []
    for (let laid = 0; next < rows.length && placed.length < most && laid < mostLaid; next++) {
      const row = rows[next] ?? 0
      const first = placed.length * firsts.length
      if (!placeDays(days, row, rates, bytesAt, dayAt, first)) {
        const at = laidAt + width * laid++
        const problem = layDays(days, row, rates.minutes, new Uint8Array(kernel.memory, at, width))
        if (problem !== null) {
          charges.rates[row] = { code: problem, detail: '' }
          continue
        }
        dayAt.set(daysInOrder(rates.whole, 1, at), first)
      }
      multipliers[placed.length] = commonMultiplier(days.links, row) ?? 1
      placed.push(row)
    }
    rateChunk({ kernel, accounts: placed.length, dayAt, scratch, multipliers }, rates, placed, charges)
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
    if (charge.kind === 'series')
      takeSeries(rateIntervalPrices(shard, rates.whole, charge.pricesE8), rows, charges, line)
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
