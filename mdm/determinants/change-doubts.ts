import { type Evidence, isNote } from './evidence.js'
import { fitsHistory } from './fits-history.js'
import type { Hold } from './hold.js'
import type { MeasuredSegment } from './measure-segment.js'
import type { DeterminantPolicy } from './policy.js'

/** With a new meter or multiplier usage has to go on about as before, and a person looks at the first bill with another multiplier. */
export function* changeDoubts(
  measured: readonly MeasuredSegment[],
  policy: DeterminantPolicy,
  { jumps }: Pick<Evidence, 'jumps'>,
): Generator<Hold> {
  const jumpsAfter = ({ meterId, row }: MeasuredSegment) =>
    (jumps.get(meterId) ?? []).some(({ readAt }) => readAt > row.endAt && readAt <= row.endAt + policy.newMeterJumpMs)
  if (measured.some((segment) => isNote(segment.start) && jumpsAfter(segment)))
    yield { kind: 'usage_unlike_history', detail: 'usage jumped right after the first period of a new meter' }
  if (policy.holdsNewMultiplier && measured.some(({ multiplier }) => multiplier !== measured[0]?.multiplier))
    yield {
      kind: 'new_multiplier',
      detail: `the multipliers are ${measured.map(({ multiplier }) => multiplier).join(', ')}`,
    }
  const stretches = measured.map(({ energiesE4, row }) => {
    return { energyE4: energiesE4[0], lengthMs: row.endAt - row.startAt }
  })
  if (!fitsHistory(stretches, policy))
    yield { kind: 'usage_unlike_history', detail: 'usage per day changed with the meter or multiplier' }
}
