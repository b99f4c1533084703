import type { RegisterWidth } from '../../../domain/register-width.js'
import { lastDay } from '../calendar.js'
import { topics } from '../chance.js'
import type { HistoryClaim } from '../history.js'
import { mapRegisters, registersIn, withDigit } from './register-values.js'
import { type ClaimFault, dailyOf, isDaily, type Scene, withDaily } from './scene.js'
import { dayOf } from '../calendar.js'

/** The unit of the registers is taken for another one, for a day or until somebody notices. */
export const unitSlip: ClaimFault = (scene, { chance, day }) => {
  const factor = chance.pick([10n, 100n, 1000n], topics.faultShape, 0)
  const up = chance.perMille(500, topics.faultShape, 1)
  const until = chance.perMille(600, topics.faultShape, 2) ? day + 1 : lastDay
  const { claims, estimates } = scene
  const slipped = claims.map((claim): HistoryClaim => {
    const at = dayOf(claim.readAt)
    const width = widthOf(scene, claim)
    if (at < day || at >= until || !isDaily(claim, at) || width === null) return claim
    return {
      ...claim,
      registers: mapRegisters(claim.registers, width, (value) => (up ? value * factor : value / factor)),
    }
  })
  return { claims: slipped, estimates }
}

/** The use of a day stands where a register should. */
export const usageAsRegister: ClaimFault = (scene, { day }) => {
  const before = dailyOf(scene, day - 1)
  return withDaily(scene, day, (claim) => {
    const width = widthOf(scene, claim)
    if (before === undefined || width === null || before.meterId !== claim.meterId) return null
    const earlier = [before.registers.totalE4, ...before.registers.touE4]
    const usage = (value: bigint, register: number) => {
      const difference = value - (earlier[register] ?? 0n)
      return difference < 0n ? 0n : difference
    }
    return [{ ...claim, registers: mapRegisters(claim.registers, width, usage) }]
  })
}

/** The values of two days have changed places. */
export const reversedOrder: ClaimFault = (scene, { chance, day }) => {
  const other = day + chance.between(1, 4, topics.faultShape, 0)
  const [first, second] = [dailyOf(scene, day), dailyOf(scene, other)]
  if (first === undefined || second === undefined || first.meterId !== second.meterId) return null
  const claims = scene.claims.map((claim) => {
    if (claim === first) return { ...claim, registers: second.registers }
    return claim === second ? { ...claim, registers: first.registers } : claim
  })
  return { claims, estimates: scene.estimates }
}

/** One digit of one register arrives as another one, in a message whose checksum is right. */
export const damagedRegister: ClaimFault = (scene, { chance, day }) =>
  withDaily(scene, day, (claim) => {
    const width = widthOf(scene, claim)
    if (width === null) return null
    const registers = registersIn(claim.registers)
    const struck = registers[chance.below(registers.length, topics.faultShape, 0)]
    const place = chance.below(width.registerDigits + width.registerDecimals, topics.faultShape, 1)
    const by = chance.between(1, 9, topics.faultShape, 2)
    const damage = (value: bigint, register: number) =>
      register === struck ? withDigit(value, place, width, by) : value
    return [{ ...claim, registers: mapRegisters(claim.registers, width, damage) }]
  })

function widthOf({ meters }: Scene, { meterId }: HistoryClaim): RegisterWidth | null {
  return meters.find(({ meter }) => meter.meterId === meterId)?.meter ?? null
}
