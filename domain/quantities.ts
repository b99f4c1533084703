/**
 * The quantities a meter's register set can count, with the number under which they are stored.
 * Names follow IEC 61968-9 reading types; energies are kWh or kvarh at scale e4, before the multiplier.
 */
export const quantities = {
  forward_active_energy: { code: 1, unit: 'kWh' },
  reverse_active_energy: { code: 2, unit: 'kWh' },
  forward_reactive_energy: { code: 3, unit: 'kvarh' },
  reverse_reactive_energy: { code: 4, unit: 'kvarh' },
} as const

export type Quantity = keyof typeof quantities
