import type { RegisterSet } from '../../domain/reading.js'
import { resolutionE4 } from '../../domain/register-width.js'
import { dayMs } from '../../domain/time.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { AcceptedReading } from '../../storage/mdm/freeze-evidence.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import { isNote } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

/** Use within a day is not even: so many times the mean may fall into a part of it. */
const partTimes = 2n

type Read = Pick<AcceptedReading, 'readAt' | 'registers'>

/**
 * Whether what a meter counted between its note at an exchange and the reading beside it could be use: the reading before a meter was
 * taken down, the one after it was hung up. A note cannot be read again: a start noted at zero, or a misread digit, would be billed
 * (reliability, stories 7 and 9). `usualE4PerDay` is before the multiplier. Where no reading is near, nothing speaks against the note.
 */
export function noteFits(
  {
    row,
    end,
    usualE4PerDay,
  }: { readonly row: SegmentRow; readonly end: 'start' | 'end'; readonly usualE4PerDay: bigint },
  readings: readonly Read[],
  policy: DeterminantPolicy,
): boolean {
  const beside = besideNote({ row, end }, readings, policy)
  if (beside === null) return true
  const { earlier, later, delta, slackE4 } = beside
  if (!delta.ok) return false
  const elapsedMs = later.readAt - earlier.readAt
  const meanE4 = (usualE4PerDay * BigInt(elapsedMs)) / BigInt(dayMs)
  // Days of nearly nothing beside a note: the meter hung there for a part of them only, and the note is of another day.
  if (elapsedMs > policy.noteGapMs && (delta.value + slackE4) * 100n < meanE4 * policy.notePercent) return false
  const daysBegun = BigInt(Math.max(1, Math.ceil(elapsedMs / dayMs)))
  // A note of nothing may be nobody's: only what the hours between can have counted is believed of it. A note that is another meter's may
  // look like a turnover: of that a quarter more than is usual for the days begun.
  if (isBlank(earlier.registers)) return delta.value <= meanE4 * partTimes + slackE4
  if (later.registers.totalE4 < earlier.registers.totalE4)
    return 4n * (delta.value - slackE4) <= 5n * usualE4PerDay * daysBegun
  return delta.value <= usualE4PerDay * (daysBegun + policy.noteExtraDays) + slackE4
}

export interface BesideNote {
  readonly earlier: Read
  readonly later: Read
  /** Counted between them, kWh e4 before the multiplier. */
  readonly delta: ReturnType<typeof registerDelta>
  /** What two steps of the display can hide, kWh e4. */
  readonly slackE4: bigint
}

/** A note of an exchange with the reading beside it; null where there is none near it, or a person has decided the note. */
export function besideNote(
  { row, end }: { readonly row: SegmentRow; readonly end: 'start' | 'end' },
  readings: readonly Read[],
  policy: DeterminantPolicy,
): BesideNote | null {
  const [boundary, { meter }] = [row[end], row]
  if (boundary === null || meter === null || !isNote(boundary) || boundary.isDecidedByPerson) return null
  const pair = pairOf(boundary, end, readings, policy)
  if (pair === null) return null
  const [earlier, later] = pair
  const limitE4 = physicalLimitE4(meter, earlier.readAt, later.readAt, policy.validation)
  const delta = registerDelta(earlier.registers.totalE4, later.registers.totalE4, meter, limitE4)
  return { earlier, later, delta, slackE4: 2n * resolutionE4(meter) }
}

function isBlank({ totalE4, touE4 }: RegisterSet): boolean {
  return totalE4 === 0n && touE4.every((value) => value === null || value === 0n)
}

/** The note and the reading beside it, in order of time. */
function pairOf(
  { readAt, registers }: BoundaryRow,
  end: 'start' | 'end',
  readings: readonly Read[],
  { noteReachMs }: DeterminantPolicy,
): readonly [Read, Read] | null {
  if (registers === null) return null
  const note = { readAt, registers }
  if (end === 'start') {
    const after = readings.find((one) => one.readAt > readAt && one.readAt <= readAt + noteReachMs)
    return after === undefined ? null : [note, after]
  }
  const before = readings.findLast((one) => one.readAt < readAt && one.readAt >= readAt - noteReachMs)
  return before === undefined ? null : [before, note]
}
