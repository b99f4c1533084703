import type { MeterId } from '../../domain/reading.js'
import type { AcceptedReading, BoundaryRow, SegmentRow, StandingDoubt } from '../../storage/mdm/determinants.js'

/** What is known beside the boundaries themselves, by meter. */
export interface Evidence {
  /** Held keys in and around the period. */
  readonly doubts: ReadonlyMap<MeterId, readonly Pick<StandingDoubt, 'readAt' | 'rules'>[]>
  /** Accepted readings around boundaries that ask for them, in order of time. */
  readonly readings: ReadonlyMap<MeterId, readonly Pick<AcceptedReading, 'readAt' | 'registers'>[]>
}

/** Whether a boundary is believed only beside other readings: nobody can read it again, or it may be an old value. */
export function asksForReadings({ source, rules, isDecidedByPerson }: BoundaryRow): boolean {
  return !isDecidedByPerson && (source === 'exchange' || rules.includes('stale_repeat'))
}

/** The boundaries of segments that ask for readings around them. */
export function askedFor(rows: readonly SegmentRow[]): readonly Pick<AcceptedReading, 'meterId' | 'readAt'>[] {
  return rows.flatMap(({ meter, start, end }) =>
    meter === null
      ? []
      : [start, end].flatMap((boundary) =>
          boundary !== null && asksForReadings(boundary) ? [{ meterId: meter.meterId, readAt: boundary.readAt }] : [],
        ),
  )
}
