import { dayMs, type Instant } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { StandingMark } from '../../storage/mdm/freeze-evidence.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import type { Evidence } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

type Jump = Pick<StandingMark, 'readAt' | 'rules'>

/** Keys in a segment, or shortly before or after it, that close a day on which usage jumped. */
export function jumpsIn(
  { meter, startAt, endAt }: SegmentRow,
  { contradictionMs }: Pick<DeterminantPolicy, 'contradictionMs'>,
  jumps: Evidence['jumps'],
): readonly Jump[] {
  const marks = meter === null ? [] : (jumps.get(meter.meterId) ?? [])
  return marks.filter(({ readAt }) => readAt > startAt - contradictionMs && readAt < endAt + contradictionMs)
}

/** Those of them beside which there is no other. */
export function loneJumpsIn(row: SegmentRow, policy: DeterminantPolicy, jumps: Evidence['jumps']): readonly Jump[] {
  const marks = row.meter === null ? [] : (jumps.get(row.meter.meterId) ?? [])
  const isBorneOut = (at: Instant) =>
    marks.some(({ readAt }) => readAt !== at && Math.abs(readAt - at) <= policy.jumpReachMs)
  return jumpsIn(row, policy, jumps).filter(({ readAt }) => !isBorneOut(readAt))
}

/**
 * The lone jump that makes up a large part of what the segment counted (`energyE4`, before the multiplier) and is far above the days
 * before and after it; null where there is none. A load that grows stays up; a register that was exchanged unseen or taken from another
 * meter jumps once and goes on as before. At the ends of the segment any lone jump is billed or given away as it stands, so there it need
 * not be large.
 */
export function heavyJumpIn(
  row: SegmentRow,
  energyE4: bigint,
  policy: DeterminantPolicy,
  { jumps, readings }: Evidence,
): Instant | null {
  const { meter, start, end, endAt } = row
  if (meter === null) return null
  const around = readings.get(meter.meterId) ?? []
  /** What was counted per day up to a reading, from the one before it. */
  const perDayTo = (index: number): bigint => {
    const [before, at] = [around[index - 1], around[index]]
    if (before === undefined || at === undefined) return 0n
    const limitE4 = physicalLimitE4(meter, before.readAt, at.readAt, policy.validation)
    const delta = registerDelta(before.registers.totalE4, at.registers.totalE4, meter, limitE4)
    return delta.ok ? (delta.value * BigInt(dayMs)) / BigInt(at.readAt - before.readAt) : 0n
  }
  /** The nearest stretch before or after one that counted anything: a load that rests would jump beside every day of rest. */
  const besideOf = (index: number, step: 1 | -1): bigint => {
    const jumpedAt = around[index]?.readAt ?? 0
    const isKnown = (other: number) =>
      (around[other - 1]?.readAt ?? -Infinity) >= jumpedAt - policy.repeatBackMs &&
      (around[other]?.readAt ?? Infinity) <= jumpedAt + policy.repeatOnMs
    let other = index + step
    while (isKnown(other) && perDayTo(other) === 0n) other += step
    return isKnown(other) ? perDayTo(other) : 0n
  }
  const isEnd = (readAt: Instant | undefined) =>
    readAt !== undefined && (readAt === start?.readAt || readAt === end?.readAt)
  const heavy = loneJumpsIn(row, policy, jumps).find(({ readAt, rules }) => {
    const index = around.findIndex((one) => one.readAt === readAt)
    const jumpedE4 = perDayTo(index)
    const isAbove = (times: bigint) => jumpedE4 > besideOf(index, -1) * times && jumpedE4 > besideOf(index, 1) * times
    // A live read that serves the end comes some minutes after it.
    const isInside = readAt <= (end?.readAt ?? endAt)
    const isFullest = rules.includes('above_fullest')
    const percent = isFullest ? policy.fullestPercent : policy.jumpPercent
    if (isInside && isAbove(policy.jumpTimes) && jumpedE4 * 100n > energyE4 * percent) return true
    const isAtAnEnd = isEnd(readAt) || isEnd(around[index - 1]?.readAt)
    return isAtAnEnd && isFullest && isAbove(policy.jumpTimesAtEnds)
  })
  return heavy?.readAt ?? null
}
