import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { AcceptedReading } from '../../storage/mdm/freeze-evidence.js'
import { otherSidesOf } from './belied-note.js'
import { asksForReadings, type Evidence } from './evidence.js'
import { jumpsIn } from './lone-jump.js'
import type { DeterminantPolicy } from './policy.js'
import { turnoversIn } from './turned-unit.js'

/** Instants at which readings are asked for: boundaries of segments, of the other meter where one is a note, and days in and near them on which usage jumped or a register turned over. */
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
    const turned = turnoversIn(row, policy, turnovers)
    const own = [...asking, ...jumpsIn(row, policy, jumps), ...turned].map(({ readAt }) => {
      return { meterId: meter.meterId, readAt }
    })
    return [...own, ...otherSidesOf(row).map(({ note, other }) => ({ meterId: other, readAt: note.readAt }))]
  })
}
