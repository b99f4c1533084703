import type { RegisterSet } from '../../../domain/reading.js'
import { isUsual, type SuggestionRule } from './suggestion.js'

const factors = [10n, 100n, 1000n] as const

/** The value is a power of ten away from what fits: kWh against Wh or MWh, or decimals that were taken for digits. */
export const unitSlip: SuggestionRule = ({ readAt, claims, before, usualE4PerDay }) => {
  const [claim, previous] = [claims[0], before[0]]
  if (readAt === null || claim === undefined || previous === undefined) return null
  const fits = (totalE4: bigint) => isUsual(totalE4 - previous.totalE4, readAt - previous.readAt, usualE4PerDay)
  if (fits(claim.totalE4)) return null
  for (const factor of factors)
    for (const [name, value] of [
      [`× ${factor}`, scaled(claim, (energyE4) => energyE4 * factor)],
      [`÷ ${factor}`, scaled(claim, (energyE4) => energyE4 / factor)],
    ] as const)
      if (fits(value.totalE4))
        return {
          name: 'unit_slip',
          action: 'correct',
          value,
          zh: `示数 ${name} 后与历史相符，疑似单位或小数位错误`,
          en: `the value fits ${name}: another unit, or decimals read as digits`,
        }
  return null
}

function scaled({ totalE4, touE4 }: RegisterSet, by: (energyE4: bigint) => bigint): RegisterSet {
  const [tou1, tou2, tou3, tou4] = touE4
  const each = (energyE4: bigint | null) => (energyE4 === null ? null : by(energyE4))
  return { totalE4: by(totalE4), touE4: [each(tou1), each(tou2), each(tou3), each(tou4)] }
}
