import { dayMs } from '../../domain/time.js'
import type { MeterId } from '../../domain/reading.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { AcceptedReading, StandingMark } from '../../storage/mdm/freeze-evidence.js'

/** What is known beside the boundaries themselves, by meter. */
export interface Evidence {
  /** Held keys in and around the period. */
  readonly doubts: ReadonlyMap<MeterId, readonly Pick<StandingMark, 'readAt' | 'rules'>[]>
  /** Accepted keys of the period at which a register turned over. */
  readonly turnovers: ReadonlyMap<MeterId, readonly Pick<StandingMark, 'readAt'>[]>
  /** Accepted keys in and around the period at which usage jumped or was above the fullest day. */
  readonly jumps: ReadonlyMap<MeterId, readonly Pick<StandingMark, 'readAt' | 'rules'>[]>
  /** Accepted readings around boundaries that ask for them, in order of time. */
  readonly readings: ReadonlyMap<MeterId, readonly Pick<AcceptedReading, 'readAt' | 'registers'>[]>
}

/**
 * Whether a boundary of a segment is believed only beside other readings: a note, which nobody can read again; what may be an old value;
 * one after which usage jumped; and the other end of a meter with a note, which is too new for validation to know what is usual for it.
 */
export function asksForReadings(
  { meter, start, end }: SegmentRow,
  boundary: BoundaryRow,
  jumps: Evidence['jumps'],
): boolean {
  if (boundary.isDecidedByPerson || meter === null) return false
  const { readAt, rules } = boundary
  const jumped = (jumps.get(meter.meterId) ?? []).some(
    (one) => one.readAt > readAt && one.readAt <= readAt + jumpAfterMs,
  )
  return jumped || isNote(start) || isNote(end) || rules.includes('stale_repeat')
}

/** A jump so soon after a boundary may be the use that an old value kept back. */
const jumpAfterMs = 4 * dayMs

export function isNote(boundary: BoundaryRow | null): boolean {
  return boundary?.source === 'exchange'
}
