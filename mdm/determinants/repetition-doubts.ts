import { isoText } from '../../domain/time.js'
import type { Evidence } from './evidence.js'
import type { Hold } from './hold.js'
import { isStale } from './is-stale.js'
import type { MeasuredSegment } from './measure-segment.js'
import type { DeterminantPolicy } from './policy.js'

/** The period neither begins nor ends with an old value. */
export function* repetitionDoubts(
  measured: readonly MeasuredSegment[],
  policy: DeterminantPolicy,
  evidence: Evidence,
): Generator<Hold> {
  for (const { row, start, end } of measured) {
    const stale = [start, end].find((boundary) => isStale(row, boundary, evidence, policy))
    if (stale !== undefined)
      yield { kind: 'boundary_stale', detail: `the reading of ${isoText(stale.readAt)} may be that of the day before` }
  }
}
