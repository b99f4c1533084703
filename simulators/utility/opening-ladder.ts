import type { Random } from '../../domain/runtime.js'

const firstBorderE4 = 2520n * 10_000n
const secondBorderE4 = 4800n * 10_000n
const monthsBefore = 6n
const centE4 = 100n

/**
 * Year-to-date energy of a household when the month begins, kWh e4 in steps of 0.01 kWh: about half have used what their month
 * suggests, a quarter cross the first border of the annual ladder in July, a tenth the second, the rest stand beyond it.
 */
export function openingLadderE4(random: Random, number: number, monthlyE4: bigint): bigint {
  const lot = random.below(100, 'opening', number)
  const percent = BigInt(20 + random.below(60, 'opening percent', number))
  return cutOff(openingOf(lot, percent, monthlyE4))
}

function openingOf(lot: number, percent: bigint, monthlyE4: bigint): bigint {
  if (lot < 55) return (monthsBefore * monthlyE4 * (60n + percent)) / 100n
  // July brings at least 0.8 of the mean month, so a border less than that away is crossed.
  if (lot < 80) return firstBorderE4 - (monthlyE4 * percent) / 100n
  if (lot < 90) return secondBorderE4 - (monthlyE4 * percent) / 100n
  return secondBorderE4 + (monthlyE4 * percent) / 100n
}

function cutOff(valueE4: bigint): bigint {
  return valueE4 - (valueE4 % centE4)
}
