import { lastDay } from '../calendar.js'
import { dayOf } from '../calendar.js'
import { topics } from '../chance.js'
import type { HistoryClaim } from '../history.js'
import { isDaily, type Scene, type Strike } from './scene.js'

/** From a day on, for some days or for good, each of two meters answers for the other one. */
export function metersSwapped(
  scenes: readonly [Scene, Scene],
  { chance, day }: Strike,
): readonly [readonly HistoryClaim[], readonly HistoryClaim[]] {
  const until = chance.perMille(500, topics.faultShape, 0)
    ? day + chance.between(1, 10, topics.faultShape, 1)
    : lastDay + 1
  const answers = (own: Scene, other: Scene) => {
    const byDay = new Map(other.claims.map((claim) => [dayOf(claim.readAt), claim]))
    return own.claims.map((claim) => {
      const at = dayOf(claim.readAt)
      const crossed = at >= day && at < until && isDaily(claim, at) ? byDay.get(at) : undefined
      return crossed === undefined ? claim : { ...claim, registers: crossed.registers }
    })
  }
  return [answers(scenes[0], scenes[1]), answers(scenes[1], scenes[0])]
}
