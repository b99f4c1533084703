import { ok, type Result } from '../../domain/result.js'
import type { Segment } from '../../domain/timeline.js'
import type { Instant } from '../../domain/time.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'

/**
 * Whether a change of an agreement can be taken back by itself: the account has an agreement before it and after it. One half of a transfer,
 * taken back alone, would bill the usage twice or to nobody.
 */
export function agreementGround(segments: readonly Segment<unknown>[], at: Instant): Result<null, ChangeRefused> {
  const left = segments.find(({ to }) => to === at)
  const right = segments.find(({ from }) => from === at)
  if (left === undefined || right === undefined)
    return refuse(
      'rests_on_it',
      '户号在此起止，属过户，以再过户更正 an account begins or ends there: that is a transfer, which is put right by another one',
    )
  return ok(null)
}
