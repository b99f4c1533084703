import type { Energies } from '../determinants/determinant.js'
import { apportion } from './apportion.js'

const wholeE6 = 1_000_000n

/**
 * Rule 定比: shares in millionths of an energy, register by register, and what is left to the one who gives. What all get is what there was.
 * Null where the shares are more than the whole.
 */
export function shares(energies: Energies, sharesE6: readonly bigint[]): readonly Energies[] | null {
  const restE6 = sharesE6.reduce((rest, share) => rest - share, wholeE6)
  if (restE6 < 0n) return null
  const registers = energies.map((energyE4) => apportion(energyE4, [...sharesE6, restE6]))
  return sharesE6.map((_, place) => {
    const [total = 0n, tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = registers.map((parts) => parts[place] ?? 0n)
    return [total, tou1, tou2, tou3, tou4]
  })
}
