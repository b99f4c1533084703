import { invariant } from '../../../domain/result.js'
import { chargeFen } from '../charge-fen.js'
import type { DayType, IntervalProgram } from './interval-program.js'
import type { IntervalKernel } from './kernel.js'
import type { ScaledPrices } from './price-scale.js'

/** Interval energies (int32, e4) of accounts in the memory of a kernel, all over the same days. */
export interface IntervalShard {
  readonly kernel: IntervalKernel
  readonly accounts: number
  /** Where the energies of a day stand: element account × days + day. */
  readonly dayAt: Int32Array
  /** Free room of `scratchBytes`, at a multiple of 16. */
  readonly scratch: number
  /** What each account's energies count times. */
  readonly multipliers: Int32Array
}

/** Energy (e4, after the multiplier) and amount (fen) by account and slot: element account × slots + slot. */
export interface SlotCharges {
  readonly energyE4: Float64Array
  readonly fen: Float64Array
}

const bytesPerValue = 4
const bytesPerSum = 8
const bytesPerPair = 8

/** Where days stand that follow each other, account after account, from `values` on. */
export function daysInOrder({ firsts, intervals }: IntervalProgram, accounts: number, values: number): Int32Array {
  return Int32Array.from({ length: accounts * firsts.length }, (_, index) => {
    const account = Math.floor(index / firsts.length)
    return values + bytesPerValue * (account * intervals + (firsts[index % firsts.length] ?? 0))
  })
}

/** What the functions here write beside the values. */
export function scratchBytes({ slots, dayTypes, firsts, intervals }: IntervalProgram): number {
  const runs = dayTypes.reduce((count, type) => count + type.runs.length, 0)
  const lists = inSixteens(bytesPerValue * firsts.length) + inSixteens(bytesPerPair * runs)
  const sums = inSixteens(bytesPerSum * longestOf(dayTypes)) + inSixteens(bytesPerSum * slots.length)
  return stretchBytes(firsts.length) + Math.max(lists + sums, inSixteens(bytesPerValue * intervals) + pricedBytes)
}

/** Energy by time-of-use slot, and a line for each slot: energy × price, rounded once. One price a slot. */
export function rateSlots(
  { kernel, accounts, dayAt, scratch, multipliers }: IntervalShard,
  program: IntervalProgram,
  { prices, scale }: Pick<ScaledPrices, 'prices' | 'scale'>,
): SlotCharges {
  const [slots, days] = [program.slots.length, program.firsts.length]
  const energyE4 = new Float64Array(accounts * slots)
  const fen = new Float64Array(accounts * slots)
  const stretches = createStretches(kernel, scratch, program)
  const { plans, profile, sums } = layOut(kernel, scratch + stretchBytes(days), program)
  for (let account = 0; account < accounts; account++) {
    // The profile goes down columns; what it reads comes in faster when it was read in order before.
    kernel.touch(scratch, stretches(dayAt, account * days))
    sums.fill(0)
    for (const { list, listEnd, places, width, runs, runsEnd } of plans) {
      for (let day = 0; day < list.length; day++) places[day] = dayAt[account * days + (list[day] ?? 0)] ?? 0
      kernel.profile(places.byteOffset, listEnd, width, profile)
      kernel.addRuns(profile, runs, runsEnd, sums.byteOffset)
    }
    const first = account * slots
    for (let slot = 0; slot < slots; slot++) {
      const energy = (sums[slot] ?? 0) * (multipliers[account] ?? 0)
      energyE4[first + slot] = energy
      fen[first + slot] = chargeFen(scale, energy, prices[slot] ?? 0)
    }
  }
  return { energyE4, fen }
}

/** A day type with the places of an account's days and the runs of slots, where the kernel finds them. */
interface DayPlan {
  readonly list: Int32Array
  readonly places: Int32Array
  readonly listEnd: number
  readonly width: number
  readonly runs: number
  readonly runsEnd: number
}

interface Layout {
  readonly plans: readonly DayPlan[]
  /** Room for the longest profile. */
  readonly profile: number
  /** Energy of each slot of an account. */
  readonly sums: Float64Array
}

function layOut({ memory }: IntervalKernel, scratch: number, { slots, dayTypes }: IntervalProgram): Layout {
  const profile = scratch
  const sums = new Float64Array(memory, profile + inSixteens(bytesPerSum * longestOf(dayTypes)), slots.length)
  let room = sums.byteOffset + inSixteens(sums.byteLength)
  const plans = dayTypes.map(({ slotOf, days, runs }) => {
    const places = new Int32Array(memory, room, days.length)
    const pairs = new Int32Array(memory, places.byteOffset + places.byteLength, 2 * runs.length)
    for (const [run, { end, slot }] of runs.entries()) {
      pairs[2 * run] = bytesPerSum * end
      pairs[2 * run + 1] = bytesPerSum * slot
    }
    room = pairs.byteOffset + pairs.byteLength
    return {
      list: Int32Array.from(days),
      places,
      listEnd: pairs.byteOffset,
      width: slotOf.length * bytesPerValue,
      runs: pairs.byteOffset,
      runsEnd: room,
    }
  })
  return { plans, profile, sums }
}

function longestOf(dayTypes: readonly DayType[]): number {
  return Math.max(...dayTypes.map(({ slotOf }) => slotOf.length))
}

function inSixteens(bytes: number): number {
  return 16 * Math.ceil(bytes / 16)
}

function stretchBytes(days: number): number {
  return inSixteens(bytesPerPair * days)
}

/** Writes the stretches of an account, from `first` on in `dayAt`; days that follow each other are one. @returns where the list ends */
function createStretches(
  { memory }: IntervalKernel,
  at: number,
  { firsts, intervals }: IntervalProgram,
): (dayAt: Int32Array, first: number) => number {
  const pairs = new Int32Array(memory, at, 2 * firsts.length)
  const widths = Int32Array.from(firsts, (first, day) => bytesPerValue * ((firsts[day + 1] ?? intervals) - first))
  return (dayAt, first) => {
    let [end, place, width] = [0, -1, 0]
    for (let day = 0; day < widths.length; day++) {
      const next = dayAt[first + day] ?? 0
      if (next !== place + width) {
        place = next
        width = 0
        end += 2
      }
      width += widths[day] ?? 0
      pairs[end - 2] = place
      pairs[end - 1] = width
    }
    return at + bytesPerValue * end
  }
}

/** Below this sum of products no 64-bit addition wraps round, the half of the divisor included. */
const sumLimit = 2n ** 63n - 10n ** 10n
/** Fen and the four largest magnitudes. */
const pricedBytes = 32

/** The largest magnitude (e4, after the multiplier) that every interval may have so that the sum of all products with these prices (e8) stays exact. */
export function exactEnergyE4(pricesE8: Int32Array): number {
  const sum = pricesE8.reduce((total, price) => total + BigInt(Math.abs(price)), 1n)
  const limit = sumLimit / sum
  return Number(limit < 2n ** 53n ? limit : 2n ** 53n - 1n)
}

/**
 * Each interval at its own price, one line per account in fen, rounded once; NaN where an interval is beyond what the prices leave exact:
 * such an account is parked, never billed. `program`: any over the same days.
 */
export function rateIntervalPrices(
  { kernel, accounts, dayAt, scratch, multipliers }: IntervalShard,
  program: IntervalProgram,
  pricesE8: Int32Array,
): Float64Array {
  invariant(pricesE8.length === program.intervals, 'each interval has a price')
  const fen = new Float64Array(accounts)
  const days = program.firsts.length
  const stretches = createStretches(kernel, scratch, program)
  const prices = scratch + stretchBytes(days)
  new Int32Array(kernel.memory, prices, pricesE8.length).set(pricesE8)
  const out = prices + inSixteens(pricesE8.byteLength)
  const limit = exactEnergyE4(pricesE8)
  const charged = new Float64Array(kernel.memory, out, 1)
  const largest = new Uint32Array(kernel.memory, out + 16, 4)
  for (let account = 0; account < accounts; account++) {
    const multiplier = multipliers[account] ?? 0
    kernel.priced(scratch, stretches(dayAt, account * days), prices, multiplier, out)
    let magnitude = 0
    for (let lane = 0; lane < largest.length; lane++) magnitude = Math.max(magnitude, largest[lane] ?? 0)
    fen[account] = magnitude * multiplier <= limit ? (charged[0] ?? Number.NaN) : Number.NaN
  }
  return fen
}
