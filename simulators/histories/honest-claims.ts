import type { ReadingSource, RegisterSet } from '../../domain/reading.js'
import { hourMs, type Instant, minuteMs } from '../../domain/time.js'
import { instantOf, lastDay, midnightOf } from './calendar.js'
import type { CountingMeter } from './counting-meter.js'
import type { HistoryClaim } from './history.js'
import { type PointPlan, readMinuteOf } from './point-plan.js'

/** What an honest collection says of a point: a value for each midnight, both notes of an exchange, a read at a new multiplier. */
export function honestClaims(plan: PointPlan, meters: readonly CountingMeter[]): readonly HistoryClaim[] {
  return [...dailyClaims(plan, meters), ...notes(plan, meters), ...readsAtNewMultipliers(plan, meters)]
}

/** The meter that hangs at a minute. */
export function hangingAt(meters: readonly CountingMeter[], minute: number): CountingMeter | undefined {
  return meters.findLast(({ meter }) => meter.fromMinute <= minute) ?? meters[0]
}

function dailyClaims(plan: PointPlan, meters: readonly CountingMeter[]): HistoryClaim[] {
  const claims: HistoryClaim[] = []
  for (let day = 1; day <= lastDay; day += 1) {
    const minute = readMinuteOf(plan, day)
    const counting = hangingAt(meters, minute)
    if (counting === undefined) continue
    const live = plan.liveDelay !== null
    const readAt = live ? instantOf(minute) : midnightOf(day)
    claims.push(
      claim(counting.meter.meterId, readAt, counting.shownAt(minute), live ? 'live' : 'scheduled', minuteMs * 20),
    )
  }
  return claims
}

function notes({ exchanges }: PointPlan, meters: readonly CountingMeter[]): HistoryClaim[] {
  return exchanges.flatMap(({ minute, believedMinute }, index) => {
    const [before, after] = [meters[index], meters[index + 1]]
    if (before === undefined || after === undefined || before.meter.meterId === after.meter.meterId) return []
    const noted = (one: CountingMeter) =>
      claim(one.meter.meterId, instantOf(believedMinute), one.shownAt(minute), 'exchange', 20 * hourMs)
    return [noted(before), noted(after)]
  })
}

function readsAtNewMultipliers(
  { ratios, believedRatios }: PointPlan,
  meters: readonly CountingMeter[],
): HistoryClaim[] {
  return ratios.slice(1).flatMap(({ fromMinute }, index) => {
    const counting = hangingAt(meters, fromMinute)
    if (counting === undefined || counting.meter.fromMinute === fromMinute) return []
    const believed = believedRatios[index + 1]?.fromMinute ?? fromMinute
    return [claim(counting.meter.meterId, instantOf(believed), counting.shownAt(fromMinute), 'field', 20 * hourMs)]
  })
}

function claim(
  meterId: bigint,
  readAt: Instant,
  registers: RegisterSet,
  source: ReadingSource,
  delayMs: number,
): HistoryClaim {
  return { meterId, readAt, registers, source, arrivedAt: readAt + delayMs }
}
