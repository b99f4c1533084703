import { dayMs, type Instant } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { AcceptedReading } from '../../storage/mdm/freeze-evidence.js'
import type { Evidence } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

type Read = Pick<AcceptedReading, 'readAt' | 'registers'>

/** In percent of what is expected: a load may well drop to some tenths, hardly to a hundredth, so there days may vary more. */
const powers = [
  { factor: 10n, leastPercent: 60n, mostPercent: 165n },
  { factor: 100n, leastPercent: 40n, mostPercent: 250n },
  { factor: 1000n, leastPercent: 40n, mostPercent: 250n },
] as const

/**
 * When a register turned over and has counted a tenth, a hundredth or a thousandth of what it did before ever since; null where none did.
 * Near zero a register in another unit cannot be told from the right one by where it stands, only by how it goes on.
 */
export function turnedUnitIn(
  row: SegmentRow,
  policy: DeterminantPolicy,
  { turnovers, readings }: Pick<Evidence, 'turnovers' | 'readings'>,
): Instant | null {
  const { meter } = row
  const { repeatOnMs } = policy
  if (meter === null) return null
  const reads = readings.get(meter.meterId) ?? []
  const slipped = turnoversIn(row, policy, turnovers).find(({ readAt }) => {
    const before = perDay(reads.filter((one) => one.readAt < readAt && one.readAt >= readAt - repeatOnMs))
    const after = perDay(reads.filter((one) => one.readAt >= readAt && one.readAt <= readAt + repeatOnMs))
    return before !== null && after !== null && after > 0n && powers.some((power) => isPart(after, before, power))
  })
  return slipped?.readAt ?? null
}

/** Keys in a segment, or shortly before it, at which a register turned over: what it counts ever since is billed here. */
export function turnoversIn(
  { meter, startAt, endAt, end }: SegmentRow,
  { contradictionMs }: Pick<DeterminantPolicy, 'contradictionMs'>,
  turnovers: Evidence['turnovers'],
): readonly { readonly readAt: Instant }[] {
  const marks = meter === null ? [] : (turnovers.get(meter.meterId) ?? [])
  return marks.filter(({ readAt }) => readAt > startAt - contradictionMs && readAt <= (end?.readAt ?? endAt))
}

function isPart(
  after: bigint,
  before: bigint,
  { factor, leastPercent, mostPercent }: (typeof powers)[number],
): boolean {
  const percent = after * factor * 100n
  return percent >= before * leastPercent && percent <= before * mostPercent
}

/** Null where the total fell, or too few days are known. */
function perDay(reads: readonly Read[]): bigint | null {
  const [first, last] = [reads[0], reads.at(-1)]
  if (first === undefined || last === undefined || last.readAt - first.readAt < 3 * dayMs) return null
  const countedE4 = last.registers.totalE4 - first.registers.totalE4
  return countedE4 < 0n ? null : (countedE4 * BigInt(dayMs)) / BigInt(last.readAt - first.readAt)
}
