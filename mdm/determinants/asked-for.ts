import type { AcceptedReading, SegmentRow } from '../../storage/mdm/determinants.js'
import { asksForReadings, type Evidence } from './evidence.js'
import { jumpsIn } from './lone-jump.js'
import type { DeterminantPolicy } from './policy.js'
import { turnoversIn } from './turned-unit.js'

/** Instants at which readings are asked for: boundaries of segments, and days inside on which usage jumped or a register turned over. */
export function askedFor(
  rows: readonly SegmentRow[],
  policy: DeterminantPolicy,
  { jumps, turnovers }: Pick<Evidence, 'jumps' | 'turnovers'>,
): readonly Pick<AcceptedReading, 'meterId' | 'readAt'>[] {
  return rows.flatMap((row) => {
    const { meter, start, end } = row
    if (meter === null) return []
    const asking = [start, end]
      .filter((boundary) => boundary !== null)
      .filter((one) => asksForReadings(row, one, jumps))
    const turned = turnoversIn(row, turnovers)
    return [...asking, ...jumpsIn(row, policy, jumps), ...turned].map(({ readAt }) => {
      return { meterId: meter.meterId, readAt }
    })
  })
}
