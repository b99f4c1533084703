import { resolutionE4 } from '../../domain/register-width.js'
import type { Instant } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { AcceptedReading } from '../../storage/mdm/freeze-evidence.js'
import type { Evidence } from './evidence.js'
import { jumpsIn } from './lone-jump.js'
import type { DeterminantPolicy } from './policy.js'

type Read = Pick<AcceptedReading, 'readAt' | 'registers'>

/** So many readings on either side tell: that all of them end with a zero by chance happens once in 100 000 times. */
const tellingReads = 5

/**
 * When usage jumped and the total has shown zeros for its last digit ever since, which it did not before; null where that is not so.
 * Such a register comes in another unit: ten times what it was, cut off where it turned over, so that it may go on from the one before by chance.
 */
export function lostDigitIn(
  row: SegmentRow,
  policy: DeterminantPolicy,
  { jumps, readings }: Pick<Evidence, 'jumps' | 'readings'>,
): Instant | null {
  const { meter } = row
  if (meter === null) return null
  const reads = readings.get(meter.meterId) ?? []
  const isTens = ({ registers }: Read) => registers.totalE4 % (resolutionE4(meter) * 10n) === 0n
  const jumped = jumpsIn(row, policy, jumps).filter(({ readAt }) => readAt <= (row.end?.readAt ?? row.endAt))
  const lost = jumped.find(({ readAt }) => {
    const before = reads.filter((one) => one.readAt < readAt && one.readAt >= readAt - policy.repeatBackMs)
    // A value that stands still shows its last digit once.
    const isNew = (one: Read, index: number) => one.registers.totalE4 !== after[index - 1]?.registers.totalE4
    const after = reads.filter((one) => one.readAt >= readAt && one.readAt <= readAt + policy.repeatOnMs)
    const since = after.filter(isNew).slice(0, tellingReads)
    return since.length === tellingReads && since.every(isTens) && !before.slice(-tellingReads).every(isTens)
  })
  return lost?.readAt ?? null
}
