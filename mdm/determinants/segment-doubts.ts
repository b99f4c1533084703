import { isoText } from '../../domain/time.js'
import type { Evidence } from './evidence.js'
import type { Hold } from './hold.js'
import { heavyJumpIn } from './lone-jump.js'
import { lostDigitIn } from './lost-digit.js'
import type { MeasuredSegment } from './measure-segment.js'
import type { DeterminantPolicy } from './policy.js'
import { contradictionOf } from './standing-doubts.js'
import { turnedUnitIn } from './turned-unit.js'

/** What validation said of other keys of the meter, and how its register goes on, have to bear out what a segment counted. */
export function* segmentDoubts(
  { row, multiplier, energiesE4 }: MeasuredSegment,
  policy: DeterminantPolicy,
  evidence: Evidence,
): Generator<Hold> {
  const contradiction = contradictionOf(row, policy, evidence)
  if (contradiction !== null) yield { kind: 'contradicted', detail: contradiction }
  const lostAt = lostDigitIn(row, policy, evidence)
  if (lostAt !== null)
    yield {
      kind: 'contradicted',
      detail: `usage jumped to ${isoText(lostAt)}, and the last digit is a zero ever since`,
    }
  const turnedAt = turnedUnitIn(row, policy, evidence)
  if (turnedAt !== null)
    yield {
      kind: 'contradicted',
      detail: `a register turned over at ${isoText(turnedAt)} and counts a small part ever since`,
    }
  const jumpedAt = heavyJumpIn(row, energiesE4[0] / BigInt(multiplier), policy, evidence)
  if (jumpedAt !== null)
    yield { kind: 'lone_jump', detail: `usage jumped to ${isoText(jumpedAt)} and on no day beside it` }
}
