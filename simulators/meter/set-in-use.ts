import type { Instant } from '../../domain/time.js'

/** Which of two sets counts by the meter's own clock: the other one from `switchAt` on. */
export interface TwoSets {
  readonly first: 1 | 2
  /** As the meter shows it; null when no change-over is planned. */
  readonly switchAt: Instant | null
}

export function setInUse({ first, switchAt }: TwoSets, shown: Instant): 1 | 2 {
  if (switchAt === null || shown < switchAt) return first
  return first === 1 ? 2 : 1
}

/** A new plan: what was in use stays so until then. A moment that is over changes nothing. */
export function planSwitch(sets: TwoSets, shown: Instant, switchAt: Instant | null): TwoSets {
  return { first: setInUse(sets, shown), switchAt: switchAt !== null && switchAt > shown ? switchAt : null }
}
