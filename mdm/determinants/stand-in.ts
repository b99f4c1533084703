import { err, ok, type Result } from '../../domain/result.js'
import type { Hold } from './hold.js'
import type { DeterminantQuantity } from './quantity.js'
import type { TouHold } from './tou-hold.js'

/** Quantities whose interval days stand in for registers that counted other hours; where none can, the hold says why. */
export function standIn(
  quantities: readonly DeterminantQuantity[],
  hold: TouHold,
): Result<readonly DeterminantQuantity[], Hold> {
  const { kind, detail } = hold
  const days = quantities.find(({ quantity }) => quantity === 'interval_days')
  if (days === undefined) return err({ kind, detail: `${detail}; its meter has no interval days to stand in` })
  if ('missing' in days.value)
    return err({ kind, detail: `${detail}; its interval days cannot stand in: ${days.value.missing}` })
  return ok(quantities.map((one) => (one === days ? { ...one, insteadOf: `${kind}: ${detail}` } : one)))
}
