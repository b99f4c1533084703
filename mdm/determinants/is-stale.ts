import { resolutionE4 } from '../../domain/register-width.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { AcceptedReading } from '../../storage/mdm/freeze-evidence.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import { asksForReadings, type Evidence, isNote } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

type Read = Pick<AcceptedReading, 'readAt' | 'registers'>
type Meter = NonNullable<SegmentRow['meter']>

/** A load that shows the same registers for so many days more rests; old values are not delivered for so long. */
const restDays = 3
/** Between two values so near old ones may have stood for any use, however little: a rest must last longer to be believed. */
const shortRestDays = 4
/** So many readings on either side tell what is usual there and then. */
const nearReads = 4
/** With fewer readings before it validation did not know whether the load rests when it called a value repeated. */
const knowingReads = 8
/** A meter that counts fewer display steps in a day may show the same registers on the next one. */
const leastStepsPerDay = 10n

/**
 * Whether one end of a segment is an old value delivered again: registers of the reading before it on a load that runs. When the load goes
 * on, an old value is followed by the use of all days it stood for, which may be more than was ever counted in a day; a real rest by that
 * of one day. Three repeated days are too few to tell, and so is one that no reading follows yet: both count as old.
 */
export function isStale(
  row: SegmentRow,
  boundary: BoundaryRow,
  { readings: all, jumps }: Pick<Evidence, 'readings' | 'jumps'>,
  policy: DeterminantPolicy,
): boolean {
  const { registers, readAt } = boundary
  const { meter } = row
  // Whoever noted a display looked at it.
  if (isNote(boundary) || registers === null || meter === null || !asksForReadings(row, boundary, jumps)) return false
  const readings = all.get(meter.meterId) ?? []
  const since = unchangedSince(row, { readAt, registers }, readings, policy)
  const before = readings.filter((one) => one.readAt <= since)
  const isCalledOld = boundary.rules.includes('stale_repeat') && before.length >= knowingReads
  if (since === readAt && !isCalledOld) return false
  const later = readings.filter((one) => one.readAt > readAt && one.readAt <= readAt + policy.repeatOnMs)
  const next = later.find((one) => !sameRegisters(one.registers, registers))
  const last = next ?? later.at(-1)
  if (last === undefined) return !boundary.rules.includes('zero_run')
  const jump = jumps.get(meter.meterId)?.find((one) => one.readAt === next?.readAt)
  if (jump?.rules.includes('above_fullest') === true) return true
  const after = next === undefined ? [] : later.slice(later.indexOf(next))
  const near = [before.slice(-nearReads), before.slice(-2), after.slice(0, nearReads), after.slice(0, 2)]
  const usual = leastPerDay(meter, [before, after, ...near], policy)
  if (usual === null || usual < resolutionE4(meter) * leastStepsPerDay) return false
  const isDoubted = isCalledOld || jump !== undefined
  if (!isDoubted && (rests(before) || rests(after))) return false
  const days = Math.round((last.readAt - since) / dayMs)
  if (next === undefined) return days < restDays
  const usage = usageE4(meter, { readAt, registers }, next, policy) ?? 0n
  return days <= shortRestDays || usage * 100n >= usual * BigInt(days) * policy.repeatPercent
}

/** When the registers were read first; the note of the meter's own exchange is no delivered value that could come again. */
function unchangedSince(
  { start }: SegmentRow,
  shown: Read,
  readings: readonly Read[],
  policy: DeterminantPolicy,
): Instant {
  const notedAt = isNote(start) ? start?.readAt : undefined
  const first = readings.find(
    ({ readAt, registers }) =>
      readAt >= shown.readAt - policy.repeatBackMs && readAt !== notedAt && sameRegisters(registers, shown.registers),
  )
  return first === undefined ? shown.readAt : Math.min(first.readAt, shown.readAt)
}

/** Whether the load stood still between two readings of a stretch. */
function rests(reads: readonly Read[]): boolean {
  return reads.some((one, index) => sameRegisters(one.registers, reads[index + 1]?.registers ?? nowhere))
}
const nowhere = { totalE4: -1n, touE4: [null, null, null, null] } as const

/** The least that the meter counted per day in any of the stretches; null where none tells. */
function leastPerDay(meter: Meter, stretches: readonly (readonly Read[])[], policy: DeterminantPolicy): bigint | null {
  const known = stretches.map((reads) => perDayOf(meter, reads, policy)).filter((usage) => usage !== null)
  return known.length === 0 ? null : known.reduce((least, usage) => (usage < least ? usage : least))
}

function perDayOf(meter: Meter, reads: readonly Read[], policy: DeterminantPolicy): bigint | null {
  const [first, last] = [reads[0], reads.at(-1)]
  if (first === undefined || last === undefined || first.readAt === last.readAt) return null
  const usage = usageE4(meter, first, last, policy)
  return usage === null ? null : (usage * BigInt(dayMs)) / BigInt(last.readAt - first.readAt)
}

function usageE4(meter: Meter, earlier: Read, later: Read, { validation }: DeterminantPolicy): bigint | null {
  const limitE4 = physicalLimitE4(meter, earlier.readAt, later.readAt, validation)
  const delta = registerDelta(earlier.registers.totalE4, later.registers.totalE4, meter, limitE4)
  return delta.ok ? delta.value : null
}
