import type { RegisterSet } from '../../domain/reading.js'

type TariffRegisters = RegisterSet['touE4']

/**
 * Registers after a further usage: each tariff register takes the share that it had of the history, in whole display steps, and the one
 * that counts most takes what is left over, so that the tariffs go on to differ from the total as they did. Null where nothing says how.
 * @param usageE4 whole display steps, kWh e4. @param resolutionE4 display step.
 */
export function addUsage(
  from: RegisterSet,
  usageE4: bigint,
  shares: TariffRegisters,
  resolutionE4: bigint,
): RegisterSet | null {
  const totalE4 = from.totalE4 + usageE4
  if (from.touE4.every((register) => register === null) || usageE4 === 0n) return { totalE4, touE4: from.touE4 }
  const weights = from.touE4.map((register, index) => (register === null ? 0n : (shares[index] ?? 0n)))
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole <= 0n || weights.some((weight) => weight < 0n)) return null
  const parts = weights.map((weight) => ((usageE4 * weight) / (whole * resolutionE4)) * resolutionE4)
  const rest = usageE4 - parts.reduce((sum, part) => sum + part, 0n)
  const largest = weights.reduce((best, weight, index) => (weight > (weights[best] ?? 0n) ? index : best), 0)
  const after = (index: 0 | 1 | 2 | 3): bigint | null => {
    const register = from.touE4[index]
    return register === null ? null : register + (parts[index] ?? 0n) + (index === largest ? rest : 0n)
  }
  return { totalE4, touE4: [after(0), after(1), after(2), after(3)] }
}
