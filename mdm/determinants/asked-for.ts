import type { AcceptedReading, SegmentRow } from '../../storage/mdm/determinants.js'
import { asksForReadings, type Evidence } from './evidence.js'
import { jumpsIn } from './lone-jump.js'
import type { DeterminantPolicy } from './policy.js'

/** Instants at which readings are asked for: boundaries of segments, and days inside on which usage jumped. */
export function askedFor(
  rows: readonly SegmentRow[],
  policy: DeterminantPolicy,
  jumps: Evidence['jumps'],
): readonly Pick<AcceptedReading, 'meterId' | 'readAt'>[] {
  return rows.flatMap((row) => {
    const { meter, start, end } = row
    if (meter === null) return []
    const asking = [start, end]
      .filter((boundary) => boundary !== null)
      .filter((one) => asksForReadings(row, one, jumps))
    const instants = [...asking.map(({ readAt }) => readAt), ...jumpsIn(row, policy, jumps).map(({ readAt }) => readAt)]
    return instants.map((readAt) => ({ meterId: meter.meterId, readAt }))
  })
}
