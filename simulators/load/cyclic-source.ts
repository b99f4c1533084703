import type { RegisterSet } from '../../domain/reading.js'
import { beijing, dayMs, type Instant, minuteMs } from '../../domain/time.js'
import type { RegisterSource, TariffSchedule, TariffSlot } from '../meter/register-source.js'
import { classLoads, type CustomerClass } from './customer-classes.js'
import { type CyclicLoad, cycleDays, cyclicLoad, firstCycleDay } from './cyclic-load.js'
import { hashBelow } from './integer-hash.js'

export interface CyclicSourceSettings {
  readonly seed: number
  readonly customerClass: CustomerClass
  /** Tells meters of one class apart. */
  readonly meterNumber: number
  /** Mean use of 30 days, kWh e4. */
  readonly monthlyE4: bigint
  /** The registers count from here. */
  readonly from: Instant
  /** The meter's clock less true time: it decides when tariffs change. */
  readonly clockOffsetMs: number
}

/** Weights of the four tariff registers. */
type Weights = readonly [number, number, number, number]

/** From `since` on the tariffs change as `schedule` says; `before` was counted until then. */
interface Segment {
  readonly since: Instant
  readonly before: Weights
  readonly schedule: TariffSchedule
  /** The schedule is the same on every day, so that four weeks of it can be added up once. */
  readonly isDaily: boolean
}

const monthDays = 30n
const mostOpeningKwh = 20_000

/** Registers of a meter on a cyclic load, with tariffs by the meter's own clock and day tables. */
export function createCyclicSource(settings: CyclicSourceSettings): RegisterSource {
  const { seed, customerClass, meterNumber, monthlyE4, from, clockOffsetMs } = settings
  const load = cyclicLoad(seed, customerClass, meterNumber)
  const divisor = monthDays * BigInt(load.dayWeight)
  const openings = [1, 2, 3, 4].map((tariff) => BigInt(hashBelow(mostOpeningKwh, seed, meterNumber, tariff)) * 10_000n)
  const schedule = { clockOffsetMs, slotsOn: () => usualSlots[customerClass] }
  const segments: Segment[] = [{ since: from, before: [0, 0, 0, 0], schedule, isDaily: true }]

  function weightsAt(instant: Instant): Weights {
    const segment = segments.findLast(({ since }) => since <= instant) ?? segments[0]
    return segment === undefined ? [0, 0, 0, 0] : plus(segment.before, weightsOf(load, segment, instant))
  }

  return {
    usualSlots: usualSlots[customerClass],
    registersAt(instant): RegisterSet {
      const weights = weightsAt(instant)
      const energy = (weight: number) => (monthlyE4 * BigInt(weight)) / divisor
      const used = weights.reduce((sum, weight) => sum + weight, 0)
      const opening = (index: number) => openings[index] ?? 0n
      return {
        totalE4: openings.reduce((sum, each) => sum + each, 0n) + energy(used),
        touE4: [
          opening(0) + energy(weights[0]),
          opening(1) + energy(weights[1]),
          opening(2) + energy(weights[2]),
          opening(3) + energy(weights[3]),
        ],
      }
    },
    countBy(since, next) {
      segments.push({ since, before: weightsAt(since), schedule: next, isDaily: false })
    },
  }
}

/** Slots of a class by its hours, neighbours of one tariff joined. */
const usualSlots: Readonly<Record<CustomerClass, readonly TariffSlot[]>> = {
  residential: slotsOfHours(classLoads.residential.touOfHour),
  shared_building: slotsOfHours(classLoads.shared_building.touOfHour),
  commercial: slotsOfHours(classLoads.commercial.touOfHour),
}

function slotsOfHours(tariffs: readonly number[]): readonly TariffSlot[] {
  return tariffs
    .map((tariff, hour) => ({ fromMinute: hour * 60, tariff }))
    .filter(({ tariff }, hour) => hour === 0 || tariffs[hour - 1] !== tariff)
}

/** What the tariffs counted in [segment.since, instant). */
function weightsOf(load: CyclicLoad, segment: Segment, instant: Instant): Weights {
  return segment.isDaily
    ? minus(dailyWeights(load, segment, instant), dailyWeights(load, segment, segment.since))
    : walked(load, segment, segment.since, instant)
}

/** Four weeks of a daily schedule, added up: weights up to the begin of each day of the meter's calendar. */
const cycles = new Map<string, readonly Weights[]>()
const mostCycles = 20_000

/** From the begin of the cycles; whole days come from the sums, the last one is walked. */
function dailyWeights(load: CyclicLoad, segment: Segment, instant: Instant): Weights {
  const { clockOffsetMs } = segment.schedule
  const days = Math.floor((instant + clockOffsetMs - firstCycleDay) / dayMs)
  const cycle = Math.floor(days / cycleDays)
  const sums = cycleSums(load, segment)
  const dayStart = firstCycleDay + days * dayMs - clockOffsetMs
  const inCycle = sums[days - cycle * cycleDays] ?? [0, 0, 0, 0]
  return plus(plus(times(sums[cycleDays] ?? [0, 0, 0, 0], cycle), inCycle), walked(load, segment, dayStart, instant))
}

const loadNumbers = new WeakMap<CyclicLoad, number>()
let nextLoadNumber = 0

function cycleSums(load: CyclicLoad, segment: Segment): readonly Weights[] {
  const number = loadNumbers.get(load) ?? nextLoadNumber++
  loadNumbers.set(load, number)
  const key = `${number}:${segment.schedule.clockOffsetMs}`
  const known = cycles.get(key)
  if (known !== undefined) return known
  const sums: Weights[] = [[0, 0, 0, 0]]
  for (let day = 0; day < cycleDays; day += 1) {
    const start = firstCycleDay + day * dayMs - segment.schedule.clockOffsetMs
    sums.push(plus(sums[day] ?? [0, 0, 0, 0], walked(load, segment, start, start + dayMs)))
  }
  if (cycles.size >= mostCycles) cycles.clear()
  cycles.set(key, sums)
  return sums
}

/** Slot by slot over [from, to). */
function walked(load: CyclicLoad, { schedule }: Segment, from: Instant, to: Instant): Weights {
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  const { clockOffsetMs, slotsOn } = schedule
  for (let day = startOfMeterDay(from + clockOffsetMs); day < to + clockOffsetMs; day += dayMs) {
    const slots = slotsOn(beijing.dateAt(day))
    for (const [index, { fromMinute, tariff }] of slots.entries()) {
      const next = slots[index + 1]?.fromMinute
      const start = Math.max(from, day + fromMinute * minuteMs - clockOffsetMs)
      const end = Math.min(to, (next === undefined ? day + dayMs : day + next * minuteMs) - clockOffsetMs)
      if (start < end) sums[tariff - 1] = (sums[tariff - 1] ?? 0) + load.weightUpTo(end) - load.weightUpTo(start)
    }
  }
  return sums
}

function startOfMeterDay(shown: Instant): Instant {
  return firstCycleDay + Math.floor((shown - firstCycleDay) / dayMs) * dayMs
}

function plus(left: Weights, right: Weights): Weights {
  return [left[0] + right[0], left[1] + right[1], left[2] + right[2], left[3] + right[3]]
}

function minus(left: Weights, right: Weights): Weights {
  return plus(left, times(right, -1))
}

function times(weights: Weights, factor: number): Weights {
  return [weights[0] * factor, weights[1] * factor, weights[2] * factor, weights[3] * factor]
}
