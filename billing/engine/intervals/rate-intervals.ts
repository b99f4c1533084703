import { invariant } from '../../../domain/result.js'
import { chargeFen, type PriceScale } from '../charge-fen.js'
import type { IntervalProgram } from './interval-program.js'
import type { IntervalKernel } from './kernel.js'

/** Interval energies (int32, e4) of accounts one after the other, from a multiple of 16 bytes in the memory of a kernel. */
export interface IntervalShard {
  readonly kernel: IntervalKernel
  readonly values: number
  readonly accounts: number
  /** Free room of `scratchBytes`, at a multiple of 16. */
  readonly scratch: number
}

/** Energy (e4) and amount (fen) by account and slot: element account × slots + slot. */
export interface SlotCharges {
  readonly energyE4: Float64Array
  readonly fen: Float64Array
}

const bytesPerValue = 4
const bytesPerSum = 8

/** What the functions here write beside the values. */
export function scratchBytes({ dayTypes, intervals }: Pick<IntervalProgram, 'dayTypes' | 'intervals'>): number {
  const longest = Math.max(...dayTypes.map(({ slotOf }) => slotOf.length))
  return 16 * Math.ceil((bytesPerValue * intervals + bytesPerSum * longest + 64) / 16)
}

/** Energy by time-of-use slot, and a line for each slot: energy × price, rounded once. Prices are those of `scale`, one a slot. */
export function rateSlots(
  { kernel, values, accounts, scratch }: IntervalShard,
  { slots, dayTypes, intervals }: IntervalProgram,
  prices: readonly number[],
  scale: PriceScale,
): SlotCharges {
  const energyE4 = new Float64Array(accounts * slots.length)
  const fen = new Float64Array(accounts * slots.length)
  const out =
    16 * Math.ceil((scratch + bytesPerValue * dayTypes.reduce((sum, { firsts }) => sum + firsts.length, 0)) / 16)
  let room = scratch
  const plans = dayTypes.map(({ slotOf, firsts }) => {
    const list = new Int32Array(kernel.memory, room, firsts.length)
    for (const [day, first] of firsts.entries()) list[day] = bytesPerValue * first
    room += list.byteLength
    const sums = new Float64Array(kernel.memory, out, slotOf.length)
    return { slotOf, list: list.byteOffset, end: list.byteOffset + list.byteLength, sums }
  })
  for (let account = 0; account < accounts; account++) {
    const first = account * slots.length
    const start = values + account * intervals * bytesPerValue
    for (const { slotOf, list, end, sums } of plans) {
      kernel.profile(start, list, end, slotOf.length * bytesPerValue, out)
      addBySlot(sums, slotOf, energyE4, first)
    }
    for (let slot = 0; slot < slots.length; slot++)
      fen[first + slot] = chargeFen(scale, energyE4[first + slot] ?? 0, prices[slot] ?? 0)
  }
  return { energyE4, fen }
}

function addBySlot(sums: Float64Array, slotOf: Uint8Array, energyE4: Float64Array, first: number): void {
  for (let interval = 0; interval < slotOf.length; interval++) {
    const cell = first + (slotOf[interval] ?? 0)
    energyE4[cell] = (energyE4[cell] ?? 0) + (sums[interval] ?? 0)
  }
}

/** Below this sum of products no 64-bit addition wraps round, the half of the divisor included. */
const sumLimit = 2n ** 63n - 10n ** 10n

/** The largest magnitude (e4) that every interval may have so that the sum of all products with these prices (e8) stays exact. */
export function exactEnergyE4(pricesE8: Int32Array): number {
  const sum = pricesE8.reduce((total, price) => total + BigInt(Math.abs(price)), 1n)
  const limit = sumLimit / sum
  return Number(limit < 2n ** 31n ? limit : 2n ** 31n)
}

/**
 * Each interval at its own price, one line per account in fen, rounded once; NaN where an interval is beyond what the prices leave exact:
 * such an account is parked, never billed.
 */
export function rateIntervalPrices(
  { kernel, values, accounts, scratch }: IntervalShard,
  pricesE8: Int32Array,
): Float64Array {
  const fen = new Float64Array(accounts)
  new Int32Array(kernel.memory, scratch, pricesE8.length).set(pricesE8)
  const out = 16 * Math.ceil((scratch + pricesE8.byteLength) / 16)
  invariant(pricesE8.length % 4 === 0, 'prices come in fours')
  const limit = exactEnergyE4(pricesE8)
  const charged = new Float64Array(kernel.memory, out, 1)
  const largest = new Uint32Array(kernel.memory, out + 16, 4)
  for (let account = 0; account < accounts; account++) {
    kernel.priced(values + account * pricesE8.byteLength, scratch, pricesE8.byteLength, out)
    const isExact = largest.every((magnitude) => magnitude <= limit)
    fen[account] = isExact ? (charged[0] ?? Number.NaN) : Number.NaN
  }
  return fen
}
