import type { Chance } from '../chance.js'
import { dayOf } from '../calendar.js'
import type { CountingMeter } from '../counting-meter.js'
import type { HistoryClaim, HistoryEstimate } from '../history.js'
import type { PointPlan } from '../point-plan.js'

/** Where a fault strikes: the first day it touches, and what it draws its shape from. */
export interface Strike {
  readonly chance: Chance
  readonly day: number
}

/** A fault of the world or of the registry; null where the point offers no place for it. */
export type PlanFault = (plan: PointPlan, strike: Strike) => PointPlan | null

export interface Scene {
  readonly plan: PointPlan
  readonly meters: readonly CountingMeter[]
  readonly claims: readonly HistoryClaim[]
  readonly estimates: readonly HistoryEstimate[]
}

/** A fault of the collection; null where the claims offer no place for it. */
export type ClaimFault = (scene: Scene, strike: Strike) => Pick<Scene, 'claims' | 'estimates'> | null

/** Whether a claim is the daily value of a day's begin. */
export function isDaily({ source, readAt }: HistoryClaim, day: number): boolean {
  return (source === 'scheduled' || source === 'live') && dayOf(readAt) === day
}

/** The daily claim of a day is replaced by what `change` makes of it: nothing, another one, or several. */
export function withDaily(
  scene: Scene,
  day: number,
  change: (claim: HistoryClaim) => readonly HistoryClaim[] | null,
): Pick<Scene, 'claims' | 'estimates'> | null {
  const { claims, estimates } = scene
  const index = claims.findIndex((claim) => isDaily(claim, day))
  const found = claims[index]
  const changed = found === undefined ? null : change(found)
  if (changed === null) return null
  return { claims: [...claims.slice(0, index), ...changed, ...claims.slice(index + 1)], estimates }
}

export function dailyOf({ claims }: Pick<Scene, 'claims'>, day: number): HistoryClaim | undefined {
  return claims.find((claim) => isDaily(claim, day))
}
