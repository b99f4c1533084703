import type { RegisterSet } from '../../domain/reading.js'

/** One count of a register, 0.01 kWh. Registers are cut off one by one, so each may hide up to one count. */
const countE4 = 100n

/**
 * True when the tariffs of a healthy meter cannot add up like this: they may differ from the total by 0.01 kWh for each of them.
 * A doubtful value is stored all the same; validation decides.
 */
export function tariffsContradictTotal({ totalE4, touE4 }: RegisterSet): boolean {
  const tariffs = touE4.filter((register) => register !== null)
  if (tariffs.length === 0) return false
  const difference = totalE4 - tariffs.reduce((sum, register) => sum + register, 0n)
  const allowed = countE4 * BigInt(tariffs.length)
  return difference > allowed || difference < -allowed
}
