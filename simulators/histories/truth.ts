import { lastDay, periodEndDay, periodStartDay } from './calendar.js'
import type { CountingMeter } from './counting-meter.js'
import type { TrueEnergies } from './history.js'
import { type Load, minutesPerDay } from './load.js'
import { type PointPlan, readMinuteOf } from './point-plan.js'

/**
 * What the meters counted between the two readings that bound the period, each by its own registers and its own clock, times the
 * true multiplier of the time. A meter that was bypassed or whose clock is off cannot know better, so this is what it may be billed for.
 */
export function truthOf(plan: PointPlan, meters: readonly CountingMeter[]): TrueEnergies {
  const sum: [bigint, bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n, 0n]
  const [start, end] = [readMinuteOf(plan, periodStartDay), readMinuteOf(plan, periodEndDay)]
  for (const [index, { meter, countedAt }] of meters.entries()) {
    const until = meters[index + 1]?.meter.fromMinute ?? end
    for (const [span, { fromMinute, ratio }] of plan.ratios.entries()) {
      const from = Math.max(start, meter.fromMinute, fromMinute)
      const to = Math.min(end, until, plan.ratios[span + 1]?.fromMinute ?? end)
      if (from >= to) continue
      const [before, after] = [countedAt(from), countedAt(to)]
      const has = [true, ...meter.hasTou]
      for (const register of [0, 1, 2, 3, 4] as const)
        if (has[register] === true) sum[register] += (after[register] - before[register]) * BigInt(ratio)
    }
  }
  return sum
}

/** The most and the least that the point drew on one day, all tariffs together. */
export function extremeDaysOf({ levels, load }: PointPlan): readonly [fullestE4: bigint, emptiestE4: bigint] {
  let [fullest, emptiest] = [0, 0]
  for (let day = 1; day < lastDay; day += 1) {
    if ((levels[day] ?? 0) > (levels[fullest] ?? 0)) fullest = day
    if ((levels[day] ?? 0) < (levels[emptiest] ?? 0)) emptiest = day
  }
  return [drawnOn(load, fullest), drawnOn(load, emptiest)]
}

function drawnOn(load: Load, day: number): bigint {
  const [from, to] = [load.upTo(day * minutesPerDay), load.upTo((day + 1) * minutesPerDay)]
  return to.reduce((sum, energy, tou) => sum + energy - (from[tou] ?? 0n), 0n)
}
