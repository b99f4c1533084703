/**
 * The quantities a meter's register set can count, with the number under which they are stored.
 * Names follow IEC 61968-9 reading types; energies are kWh or kvarh at scale e4, before the multiplier.
 */
export const quantities = {
  forward_active_energy: { code: 1, unit: 'kWh' },
  reverse_active_energy: { code: 2, unit: 'kWh' },
  forward_reactive_energy: { code: 3, unit: 'kvarh' },
  reverse_reactive_energy: { code: 4, unit: 'kvarh' },
  /** What the combined registers add up is a setting of the meter (04000602, 04000603); their values may be negative. */
  combined_reactive1_energy: { code: 5, unit: 'kvarh' },
  combined_reactive2_energy: { code: 6, unit: 'kvarh' },
  reactive_quadrant1_energy: { code: 7, unit: 'kvarh' },
  reactive_quadrant2_energy: { code: 8, unit: 'kvarh' },
  reactive_quadrant3_energy: { code: 9, unit: 'kvarh' },
  reactive_quadrant4_energy: { code: 10, unit: 'kvarh' },
} as const

export type Quantity = keyof typeof quantities

/** The maximum demands that are read: kW at scale e4, before the multiplier, each with the minute in which it came about. */
export const demandQuantities = {
  forward_active_demand: { code: 1, unit: 'kW' },
  reverse_active_demand: { code: 2, unit: 'kW' },
} as const

export type DemandQuantity = keyof typeof demandQuantities

/** Kinds of curve by the record they come from. Codes are those of the load-record classes; 54 is the hourly freeze 0504. */
export const curves = {
  /** Class 2: active power total, A, B, C and reactive power total, A, B, C at the stamp; kW and kvar e4. */
  load_power: { code: 2, values: 8 },
  /** Class 4: forward and reverse active, combined reactive 1 and 2 registers at the stamp; kWh and kvarh e4. */
  load_energy: { code: 4, values: 4 },
  /** Forward and reverse active registers on the hour; kWh e4. */
  hourly_energy: { code: 54, values: 2 },
} as const

export type Curve = keyof typeof curves
