import { invariant } from '../../../domain/result.js'
import { chargeFen } from '../charge-fen.js'
import type { DayType, IntervalProgram } from './interval-program.js'
import type { IntervalKernel } from './kernel.js'
import type { ScaledPrices } from './price-scale.js'

/** Interval energies (int32, e4) of accounts one after the other, from a multiple of 16 bytes in the memory of a kernel. */
export interface IntervalShard {
  readonly kernel: IntervalKernel
  readonly values: number
  readonly accounts: number
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
const bytesPerRun = 8
/** What `read` of the kernel takes at a time. */
const lineBytes = 64

/** What the functions here write beside the values. */
export function scratchBytes({ slots, dayTypes, intervals }: IntervalProgram): number {
  const lists = dayTypes.reduce(
    (bytes, { firsts, runs }) => bytes + bytesPerValue * firsts.length + bytesPerRun * runs.length,
    0,
  )
  const sums = inSixteens(bytesPerSum * longestOf(dayTypes)) + inSixteens(bytesPerSum * slots.length)
  return Math.max(inSixteens(lists) + sums, inSixteens(bytesPerValue * intervals) + lineBytes)
}

/** Energy by time-of-use slot, and a line for each slot: energy × price, rounded once. One price a slot. */
export function rateSlots(
  { kernel, values, accounts, scratch, multipliers }: IntervalShard,
  program: IntervalProgram,
  { prices, scale }: Pick<ScaledPrices, 'prices' | 'scale'>,
): SlotCharges {
  const slots = program.slots.length
  const energyE4 = new Float64Array(accounts * slots)
  const fen = new Float64Array(accounts * slots)
  const { plans, profile, sums } = layOut(kernel, scratch, program)
  const bytes = program.intervals * bytesPerValue
  for (let account = 0; account < accounts; account++) {
    const start = values + account * bytes
    // The profile goes down columns; what it reads comes in faster when it was read in order before.
    if (bytes >= lineBytes) kernel.read(start, bytes - (bytes % lineBytes))
    sums.fill(0)
    for (const { days, daysEnd, width, runs, runsEnd } of plans) {
      kernel.profile(start, days, daysEnd, width, profile)
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

/** Where the kernel finds the days and runs of a day type. */
interface DayPlan {
  readonly days: number
  readonly daysEnd: number
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
  const plans = dayTypes.map(({ slotOf, firsts, runs }) => {
    const days = new Int32Array(memory, room, firsts.length)
    for (const [day, first] of firsts.entries()) days[day] = bytesPerValue * first
    const pairs = new Int32Array(memory, days.byteOffset + days.byteLength, 2 * runs.length)
    for (const [run, { end, slot }] of runs.entries()) {
      pairs[2 * run] = bytesPerSum * end
      pairs[2 * run + 1] = bytesPerSum * slot
    }
    room = pairs.byteOffset + pairs.byteLength
    return {
      days: days.byteOffset,
      daysEnd: pairs.byteOffset,
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

/** Below this sum of products no 64-bit addition wraps round, the half of the divisor included. */
const sumLimit = 2n ** 63n - 10n ** 10n

/** The largest magnitude (e4, after the multiplier) that every interval may have so that the sum of all products with these prices (e8) stays exact. */
export function exactEnergyE4(pricesE8: Int32Array): number {
  const sum = pricesE8.reduce((total, price) => total + BigInt(Math.abs(price)), 1n)
  const limit = sumLimit / sum
  return Number(limit < 2n ** 53n ? limit : 2n ** 53n - 1n)
}

/**
 * Each interval at its own price, one line per account in fen, rounded once; NaN where an interval is beyond what the prices leave exact:
 * such an account is parked, never billed.
 */
export function rateIntervalPrices(
  { kernel, values, accounts, scratch, multipliers }: IntervalShard,
  pricesE8: Int32Array,
): Float64Array {
  const fen = new Float64Array(accounts)
  new Int32Array(kernel.memory, scratch, pricesE8.length).set(pricesE8)
  const out = scratch + inSixteens(pricesE8.byteLength)
  invariant(pricesE8.length % 4 === 0, 'prices come in fours')
  const limit = exactEnergyE4(pricesE8)
  const charged = new Float64Array(kernel.memory, out, 1)
  const largest = new Uint32Array(kernel.memory, out + 16, 4)
  for (let account = 0; account < accounts; account++) {
    const multiplier = multipliers[account] ?? 0
    kernel.priced(values + account * pricesE8.byteLength, scratch, pricesE8.byteLength, multiplier, out)
    const isExact = largest.every((magnitude) => magnitude * multiplier <= limit)
    fen[account] = isExact ? (charged[0] ?? Number.NaN) : Number.NaN
  }
  return fen
}
