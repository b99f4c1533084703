import { highestPlainE4, type PlainReadings, plainRegisters } from '../../storage/mdm/plain-readings.js'

/**
 * The energies of an account that nothing makes remarkable, after the multiplier, into `energyE4`: for such an account the fast twin of
 * `deriveDeterminant`.
 * @returns false where the registers themselves ask for a closer look: one that fell or is known at one end only, and what is too large
 * to be exact here. A difference that is not negative is believed, however large; what it is measured against are the marks of validation.
 */
export function plainEnergies(readings: PlainReadings, row: number, energyE4: Float64Array): boolean {
  const multiplier = readings.multiplier[row] ?? 0
  for (let at = plainRegisters * row; at < plainRegisters * (row + 1); at++) {
    const start = readings.startE4[at] ?? Number.NaN
    const end = readings.endE4[at] ?? Number.NaN
    if (Number.isNaN(start) !== Number.isNaN(end)) return false
    const usedE4 = Number.isNaN(start) ? 0 : (end - start) * multiplier
    if (start < 0 || end > highestPlainE4 || usedE4 < 0 || usedE4 > highestPlainE4) return false
    energyE4[at] = usedE4
  }
  return true
}
