import { topics } from '../chance.js'
import type { HistoryClaim } from '../history.js'
import { mapRegisters, withDigit } from './register-values.js'
import type { ClaimFault, PlanFault, Scene, Strike } from './scene.js'

/** One digit of a noted total is misread; the fitter's tariffs are as the display showed them. */
export const wrongNote: ClaimFault = (scene, strike) => {
  const { chance } = strike
  const pair = notedPair(scene, strike)
  if (pair === null) return null
  const [before, after] = pair
  const struck = chance.perMille(500, topics.faultShape, 1) ? before : after
  const width = widthOf(scene, struck)
  const place = chance.below(width.registerDigits + width.registerDecimals, topics.faultShape, 2)
  const by = chance.between(1, 9, topics.faultShape, 3)
  const misread = (value: bigint, register: number) => (register === 0 ? withDigit(value, place, width, by) : value)
  return replaced(scene, [[struck, { ...struck, registers: mapRegisters(struck.registers, width, misread) }]])
}

/** What the old meter showed is noted for the new one, and the other way round. */
export const notesSwapped: ClaimFault = (scene, strike) => {
  const pair = notedPair(scene, strike)
  if (pair === null) return null
  const [before, after] = pair
  const fits = (from: HistoryClaim, to: HistoryClaim) => {
    const cut = mapRegisters(from.registers, widthOf(scene, to), (value) => value)
    return { ...to, registers: cut }
  }
  return replaced(scene, [
    [before, fits(after, before)],
    [after, fits(before, after)],
  ])
}

/** The new meter is noted at zero although it had counted elsewhere: its register would be billed as use. */
export const startNoteZero: ClaimFault = (scene, strike) => {
  const pair = notedPair(scene, strike)
  if (pair === null) return null
  const [, after] = pair
  const zero = mapRegisters(after.registers, widthOf(scene, after), () => 0n)
  return after.registers.totalE4 === 0n ? null : replaced(scene, [[after, { ...after, registers: zero }]])
}

/** The registry dates the exchange some hours or days off; the registers on the note are right. */
export const noteAtAnotherInstant: PlanFault = (plan, { chance }) => {
  const index = chance.below(Math.max(plan.exchanges.length, 1), topics.faultShape, 0)
  const exchange = plan.exchanges[index]
  if (exchange === undefined || plan.ratios.length > 1) return null
  const hours = chance.perMille(500, topics.faultShape, 1) ? 12 : 96
  const by = (chance.between(1, hours, topics.faultShape, 2) - hours / 2) * 60
  const believedMinute = exchange.minute + (by === 0 ? 60 : by)
  const neighbours = [
    plan.exchanges[index - 1]?.minute ?? 0,
    plan.exchanges[index + 1]?.minute ?? Number.MAX_SAFE_INTEGER,
  ]
  if (neighbours.some((minute) => Math.abs(minute - believedMinute) < Math.abs(by) + 60)) return null
  return { ...plan, exchanges: plan.exchanges.with(index, { ...exchange, believedMinute }) }
}

/** The new ratio is entered with another one of the catalogue, or a digit too many or too few. */
export const mistypedMultiplier: PlanFault = (plan, { chance }) => {
  const next = plan.believedRatios[1]
  if (next === undefined) return null
  const slips = [next.ratio * 10, Math.max(1, Math.trunc(next.ratio / 10)), 1, 20, 30, 40, 60, 80, 100, 1000] as const
  const ratio = chance.pick(slips, topics.faultShape, 0)
  return ratio === next.ratio || ratio === plan.ratios[0]?.ratio
    ? null
    : { ...plan, believedRatios: plan.believedRatios.with(1, { ...next, ratio }) }
}

/** Stop and start note of one of the exchanges. */
function notedPair({ claims }: Scene, { chance }: Strike): readonly [HistoryClaim, HistoryClaim] | null {
  const noted = claims.filter(({ source }) => source === 'exchange')
  const index = chance.below(Math.max(noted.length / 2, 1), topics.faultShape, 0) * 2
  const [before, after] = [noted[index], noted[index + 1]]
  return before === undefined || after === undefined ? null : [before, after]
}

function replaced(
  { claims, estimates }: Scene,
  pairs: readonly (readonly [HistoryClaim, HistoryClaim])[],
): Pick<Scene, 'claims' | 'estimates'> {
  const by = new Map(pairs)
  return { claims: claims.map((claim) => by.get(claim) ?? claim), estimates }
}

function widthOf({ meters }: Scene, { meterId }: HistoryClaim) {
  return meters.find(({ meter }) => meter.meterId === meterId)?.meter ?? { registerDigits: 6, registerDecimals: 2 }
}
