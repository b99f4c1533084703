import type { MeterId } from '../../domain/reading.js'
import type { AcceptedReading, BoundaryRow, SegmentRow, StandingMark } from '../../storage/mdm/determinants.js'

/** What is known beside the boundaries themselves, by meter. */
export interface Evidence {
  /** Held keys in and around the period. */
  readonly doubts: ReadonlyMap<MeterId, readonly Pick<StandingMark, 'readAt' | 'rules'>[]>
  /** Accepted keys of the period at which a register turned over. */
  readonly turnovers: ReadonlyMap<MeterId, readonly Pick<StandingMark, 'readAt'>[]>
  /** Accepted readings around boundaries that ask for them, in order of time. */
  readonly readings: ReadonlyMap<MeterId, readonly Pick<AcceptedReading, 'readAt' | 'registers'>[]>
}

/**
 * Whether a boundary of a segment is believed only beside other readings: a note, which nobody can read again; what may be an old value;
 * and the other end of a meter with a note, which is too new for validation to know what is usual for it.
 */
export function asksForReadings({ start, end }: SegmentRow, boundary: BoundaryRow): boolean {
  if (boundary.isDecidedByPerson) return false
  return isNote(start) || isNote(end) || boundary.rules.includes('stale_repeat')
}

export function isNote(boundary: BoundaryRow | null): boolean {
  return boundary?.source === 'exchange'
}

/** The boundaries of segments that ask for readings around them. */
export function askedFor(rows: readonly SegmentRow[]): readonly Pick<AcceptedReading, 'meterId' | 'readAt'>[] {
  return rows.flatMap((row) => {
    const { meter, start, end } = row
    if (meter === null) return []
    const asking = [start, end].filter((boundary) => boundary !== null).filter((one) => asksForReadings(row, one))
    return asking.map(({ readAt }) => ({ meterId: meter.meterId, readAt }))
  })
}
