import { dayMs, type Instant } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/determinants.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import type { Evidence } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

/** Instants in a segment, or shortly before it, that close a day on which usage jumped, while on no day beside it did. */
export function loneJumpsIn(
  { meter, startAt, endAt }: SegmentRow,
  { jumpReachMs, contradictionMs }: DeterminantPolicy,
  jumps: Evidence['jumps'],
): readonly Instant[] {
  const marks = meter === null ? [] : (jumps.get(meter.meterId) ?? [])
  const isBorneOut = (at: Instant) => marks.some(({ readAt }) => readAt !== at && Math.abs(readAt - at) <= jumpReachMs)
  return marks
    .map(({ readAt }) => readAt)
    .filter((at) => at > startAt - contradictionMs && at <= endAt && !isBorneOut(at))
}

/**
 * The lone jump that makes up a large part of what the segment counted (`energyE4`, before the multiplier) and is far above the days
 * before and after it; null where there is none. A load that grows stays up; a register that was exchanged unseen or taken from another
 * meter jumps once and goes on as before.
 */
export function heavyJumpIn(
  row: SegmentRow,
  energyE4: bigint,
  policy: DeterminantPolicy,
  { jumps, readings }: Evidence,
): Instant | null {
  const { meter } = row
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
  const heavy = loneJumpsIn(row, policy, jumps).find((at) => {
    const index = around.findIndex(({ readAt }) => readAt === at)
    const jumpedE4 = perDayTo(index)
    const isAbove = (other: number) => jumpedE4 > perDayTo(other) * policy.jumpTimes
    return jumpedE4 * 100n > energyE4 * policy.jumpPercent && isAbove(index - 1) && isAbove(index + 1)
  })
  return heavy ?? null
}
