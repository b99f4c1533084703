import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { minus, plus, type SuppliedEnergy, type TouEnergiesE4 } from './supplied-energy.js'

/** Displays show 0.01 kWh and cut off the rest. */
const displayStepE4 = 100n
/** XXXXXX.XX kWh: registers start again from zero at 10^6. */
export const registerWrapE4 = 1_000_000n * 10_000n

/** A meter's place on the energy of its usage point. */
export interface MeterStart {
  readonly installedAt: Instant
  /** What the tariff registers held at that moment, kWh e4. */
  readonly touE4: TouEnergiesE4
}

/**
 * Registers as the meter shows them at an instant not before its installation. Total and tariffs are cut off each on its own,
 * so that total and sum differ by cents, as with real meters.
 */
export function registersAt(supplied: SuppliedEnergy, start: MeterStart, instant: Instant): RegisterSet {
  const drawn = minus(supplied.upTo(instant), supplied.upTo(start.installedAt))
  const counted = plus(start.touE4, drawn)
  return {
    totalE4: shown(counted[0] + counted[1] + counted[2] + counted[3]),
    touE4: [shown(counted[0]), shown(counted[1]), shown(counted[2]), shown(counted[3])],
  }
}

function shown(valueE4: bigint): bigint {
  const wrapped = valueE4 % registerWrapE4
  return wrapped - (wrapped % displayStepE4)
}
