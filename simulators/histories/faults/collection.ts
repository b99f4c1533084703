import { dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { dayOf, lastDay, midnightOf, periodEndDay, periodStartDay } from '../calendar.js'
import { topics } from '../chance.js'
import { type ClaimFault, dailyOf, isDaily, type Strike, withDaily } from './scene.js'

/** Some days in a row come never, the ends of the period excepted. */
export const gap: ClaimFault = ({ claims, estimates }, { chance, day }) => {
  const until = day + chance.between(1, 8, topics.faultShape, 0)
  const isLost = (at: number) => at >= day && at < until && at !== periodStartDay && at !== periodEndDay
  const kept = claims.filter((claim) => !isDaily(claim, dayOf(claim.readAt)) || !isLost(dayOf(claim.readAt)))
  return kept.length === claims.length ? null : { claims: kept, estimates }
}

export const gapAtBoundary: ClaimFault = (scene, strike) => withDaily(scene, boundaryOf(strike), () => [])

/** Fetched from the meter's memory days later. */
export const lateBackFill: ClaimFault = (scene, { chance, day }) =>
  withDaily(scene, day, (claim) =>
    claim.source === 'live'
      ? null
      : [
          {
            ...claim,
            source: 'backfill',
            arrivedAt: claim.arrivedAt + chance.between(1, 3, topics.faultShape, 0) * dayMs,
          },
        ],
  )

/** The same value once more, by another way. */
export const duplicate: ClaimFault = (scene, { day }) =>
  withDaily(scene, day, (claim) => [
    claim,
    { ...claim, source: claim.source === 'live' ? 'live' : 'on_demand', arrivedAt: claim.arrivedAt + hourMs },
  ])

/** Another value under the same key: what stood there some days before. */
export const secondValue: ClaimFault = (scene, { chance, day }) => {
  const other = dailyOf(scene, day - chance.between(1, 3, topics.faultShape, 0))
  return withDaily(scene, day, (claim) =>
    other === undefined || claim.source === 'live'
      ? null
      : [claim, { ...claim, registers: other.registers, source: 'backfill', arrivedAt: claim.arrivedAt + hourMs }],
  )
}

/** Two values under one key, and somebody who looked at the display. */
export const fieldReadSettles: ClaimFault = (scene, strike) => {
  const doubted = secondValue(scene, strike)
  const claim = dailyOf(scene, strike.day)
  if (doubted === null || claim === undefined) return null
  const field = { ...claim, source: 'field', arrivedAt: claim.arrivedAt + dayMs } as const
  return { ...doubted, claims: [...doubted.claims, field] }
}

/** For a day or more the value of the day before is sent again. */
export const staleRepeat: ClaimFault = (scene, { chance, day }) => {
  const old = dailyOf(scene, day - 1)
  const until = Math.min(day + chance.between(1, 3, topics.faultShape, 0), lastDay)
  const { claims, estimates } = scene
  if (old === undefined) return null
  const isStale = (at: number) => at >= day && at < until
  const changed = claims.map((claim) => {
    const at = dayOf(claim.readAt)
    return isStale(at) && isDaily(claim, at) && claim.meterId === old.meterId
      ? { ...claim, registers: old.registers }
      : claim
  })
  return { claims: changed, estimates }
}

/** Somebody put last month's pace where nothing was read. */
export const estimateAtBoundary: ClaimFault = (scene, strike) => {
  const day = boundaryOf(strike)
  const [lost, before] = [dailyOf(scene, day), dailyOf(scene, day - 1)]
  const rest = gapAtBoundary(scene, strike)
  if (rest === null || lost === undefined || before === undefined || lost.source === 'live') return null
  if (rest.claims.some(({ meterId, readAt }) => meterId === lost.meterId && readAt === lost.readAt)) return null
  const estimate = { meterId: lost.meterId, readAt: midnightOf(day), registers: before.registers }
  return { ...rest, estimates: [...rest.estimates, estimate] }
}

/** A meter without freezes answers at one end of the period later than its value could stand for midnight. */
export const liveReadTooLate: ClaimFault = (scene, strike) => {
  const day = boundaryOf(strike)
  const late = day * 1440 + strike.chance.between(16, 240, topics.faultShape, 0)
  return withDaily(scene, day, (claim) => {
    const counting = scene.meters.find(({ meter }) => meter.meterId === claim.meterId)
    if (claim.source !== 'live' || counting === undefined) return null
    const readAt = midnightOf(0) + late * minuteMs
    return [{ ...claim, readAt, registers: counting.shownAt(late), arrivedAt: readAt + minuteMs }]
  })
}

function boundaryOf({ day }: Strike): number {
  return day * 2 < periodStartDay + periodEndDay ? periodStartDay : periodEndDay
}
