import { ok, type Result } from '../../domain/result.js'
import type { Segment } from '../../domain/timeline.js'
import type { Instant } from '../../domain/time.js'
import type { Row } from '../../storage/insert-rows.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'

/**
 * Whether a change of an agreement can be taken back by itself: the account has an agreement at that usage point before it and after it,
 * and nothing later has copied what it said. One half of a transfer, taken back alone, would bill the usage twice or to nobody.
 */
export function agreementGround(segments: readonly Segment<Row>[], at: Instant): Result<null, ChangeRefused> {
  const left = segments.find(({ to }) => to === at)
  const right = segments.find(({ from }) => from === at)
  if (left === undefined || right === undefined)
    return refuse(
      'rests_on_it',
      'an account begins or ends there: that is a transfer, which is put right by another one',
    )
  if (segments.some(({ from }) => from > at))
    return refuse('rests_on_it', 'a later change of the agreement builds on it; correct that one first')
  return ok(null)
}
