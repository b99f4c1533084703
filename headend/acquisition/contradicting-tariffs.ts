import type { RegisterSet } from '../../domain/reading.js'

/** DL/T 645 registers show hundredths of a kWh. */
export const hundredthE4 = 100n

export interface ShownRegisters {
  /** Digits before the point. */
  readonly registerDigits: number
  /** The smallest step that the registers show. */
  readonly stepE4: bigint
  /** Whether the tariffs that are there are all that the meter has. */
  readonly isComplete: boolean
}

/**
 * True when the tariffs of one meter and moment cannot belong to its total, whatever each register cuts off: they differ by more than
 * one step for each tariff. A total that has rolled over lacks whole rounds. Of some tariffs only it can be told that they are too much.
 * False where there is nothing to compare. Source: digest, section 18, sum of tariffs.
 */
export function tariffsContradict({ totalE4, touE4 }: RegisterSet, shown: ShownRegisters): boolean {
  const tariffs = touE4.filter((each) => each !== null)
  if (tariffs.length === 0) return false
  const tolerance = shown.stepE4 * BigInt(tariffs.length)
  const excess = tariffs.reduce((sum, each) => sum + each, -totalE4)
  if (!shown.isComplete) return excess > tolerance
  const roundE4 = 10n ** BigInt(shown.registerDigits + 4)
  return tariffs.every((_, rounds) => !isWithin(excess - BigInt(rounds) * roundE4, tolerance))
}

function isWithin(value: bigint, tolerance: bigint): boolean {
  return value <= tolerance && -value <= tolerance
}
