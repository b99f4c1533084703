import type { DemandQuantity, Quantity } from '../../domain/quantities.js'

/** Determinants that are the difference of registers. */
export const byRegisters: Readonly<Record<string, Quantity>> = {
  export_energy: 'reverse_active_energy',
  reactive_forward: 'forward_reactive_energy',
  reactive_reverse: 'reverse_reactive_energy',
  reactive_combined1: 'combined_reactive1_energy',
  reactive_combined2: 'combined_reactive2_energy',
  reactive_quadrant1: 'reactive_quadrant1_energy',
  reactive_quadrant2: 'reactive_quadrant2_energy',
  reactive_quadrant3: 'reactive_quadrant3_energy',
  reactive_quadrant4: 'reactive_quadrant4_energy',
}
export const byDemand: Readonly<Record<string, DemandQuantity>> = {
  demand_max: 'forward_active_demand',
  demand_reverse_max: 'reverse_active_demand',
}
export const bySum: ReadonlySet<string> = new Set(['power_factor_active', 'power_factor_reactive'])
export const byFreeze: ReadonlySet<string> = new Set(['loss_active', 'loss_reactive'])
