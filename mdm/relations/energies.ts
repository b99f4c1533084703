import type { Energies } from '../determinants/determinant.js'

export const noEnergy: Energies = [0n, 0n, 0n, 0n, 0n]

export function plus(a: Energies, b: Energies): Energies {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]]
}

export function minus(a: Energies, b: Energies): Energies {
  return plus(a, negative(b))
}

export function negative([total, tou1, tou2, tou3, tou4]: Energies): Energies {
  return [-total, -tou1, -tou2, -tou3, -tou4]
}

export function sumOf(parts: readonly Energies[]): Energies {
  return parts.reduce(plus, noEnergy)
}

export function hasNegative(energies: Energies): boolean {
  return energies.some((energyE4) => energyE4 < 0n)
}

/** Whether any of the meter's registers by time of use has counted. */
export function hasTou([, ...tou]: Energies): boolean {
  return tou.some((energyE4) => energyE4 !== 0n)
}
