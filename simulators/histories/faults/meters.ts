import { widthE4 } from '../../../domain/register-width.js'
import { lastDay, midnightOf } from '../calendar.js'
import { topics } from '../chance.js'
import { createLoad, minutesPerDay } from '../load.js'
import type { PointPlan } from '../point-plan.js'
import type { ClaimFault, PlanFault, Strike } from './scene.js'
import { dayOf } from '../calendar.js'
import { isDaily } from './scene.js'

/** A new meter speaks under the address of the old one, and nobody wrote it down. */
export const unnotedExchange: PlanFault = (plan, { chance, day }) => {
  const old = plan.hanging[0]
  if (old === undefined || plan.hanging.length > 1) return null
  const fromMinute = day * minutesPerDay + chance.between(8 * 60, 18 * 60, topics.faultShape, 0)
  const opening = (tou: number) =>
    BigInt(chance.below(chance.pick([1, 20_000, 8_000_000], topics.faultShape, 1), topics.faultShape, 2, tou))
  const fresh = { ...old, fromMinute, opening: [opening(0), opening(1), opening(2), opening(3)] as const }
  return { ...plan, hanging: [old, fresh] }
}

/** The registry has one digit more or less on file than the display shows. */
export const wrongRegisterWidth: PlanFault = (plan, { chance }) => {
  const meter = plan.hanging[0]
  if (meter === undefined) return null
  const by = chance.perMille(500, topics.faultShape, 0) ? 1 : -1
  const fits = meter.opening.every((value) => value < widthE4({ registerDigits: meter.registerDigits + by }) / 2n)
  return fits ? { ...plan, believedDigits: meter.registerDigits + by } : null
}

/** The meter's clock gains or loses up to half a minute a day. */
export const clockDrift: PlanFault = (plan, { chance }) => {
  const perDay = chance.between(1, 30, topics.faultShape, 0) * (chance.perMille(500, topics.faultShape, 1) ? 1 : -1)
  return plan.liveDelay === null ? { ...plan, clockMinutes: (day) => Math.trunc((perDay * day) / 60) } : null
}

/** The meter's clock jumps by hours and is set right some days later, or never. */
export const clockJump: PlanFault = (plan, { chance, day }) => {
  if (plan.liveDelay !== null || plan.hanging.length > 1) return null
  const minutes = chance.between(20, 720, topics.faultShape, 0) * (chance.perMille(500, topics.faultShape, 1) ? 1 : -1)
  const until = chance.perMille(500, topics.faultShape, 2)
    ? day + chance.between(1, 6, topics.faultShape, 3)
    : lastDay + 1
  return { ...plan, clockMinutes: (at) => (at >= day && at < until ? minutes : 0) }
}

/** For some days the meter believes in another day, so that its freezes come under the keys of others. */
export const clockOtherDay: ClaimFault = ({ plan, claims, estimates }, { chance, day }) => {
  if (plan.liveDelay !== null) return null
  const by = chance.between(1, 3, topics.faultShape, 0) * (chance.perMille(500, topics.faultShape, 1) ? 1 : -1)
  const until = day + chance.between(1, 3, topics.faultShape, 1)
  const shifted = claims.map((claim) => {
    const at = dayOf(claim.readAt)
    return at >= day && at < until && isDaily(claim, at) ? { ...claim, readAt: midnightOf(at + by) } : claim
  })
  return { claims: shifted, estimates }
}

/** Part of the current flows around the meter. */
export const bypass: PlanFault = (plan, strike) =>
  tampered(plan, strike, strike.chance.between(20, 80, topics.faultShape, 0))

/** A magnet stops it. */
export const magnet: PlanFault = (plan, strike) =>
  tampered(plan, strike, strike.chance.between(0, 5, topics.faultShape, 0))

/** Its terminals are changed round: it counts back. */
export const reverseRunning: PlanFault = (plan, strike) => tampered(plan, strike, -100)

function tampered(plan: PointPlan, { chance, day }: Strike, percent: number): PointPlan {
  const until = chance.perMille(500, topics.faultShape, 1)
    ? day + chance.between(1, 10, topics.faultShape, 2)
    : lastDay + 1
  const levels = plan.levels.map((level, at) => (at >= day && at < until ? Math.trunc((level * percent) / 100) : level))
  return { ...plan, levels, load: createLoad({ ...plan, levels }) }
}
