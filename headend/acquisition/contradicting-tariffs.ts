import type { RegisterSet } from '../../domain/reading.js'
import { widthE4 } from '../../domain/register-width.js'

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
  let excess = -totalE4
  let count = 0
  for (const each of touE4) {
    if (each === null) continue
    excess += each
    count++
  }
  if (count === 0) return false
  const tolerance = shown.stepE4 * BigInt(count)
  if (!shown.isComplete) return excess > tolerance
  const roundE4 = widthE4(shown)
  // Each tariff but one may be a whole round ahead of a total that began again.
  for (let rounds = 0; rounds < count; rounds++, excess -= roundE4) if (isWithin(excess, tolerance)) return false
  return true
}

function isWithin(value: bigint, tolerance: bigint): boolean {
  return value <= tolerance && -value <= tolerance
}
