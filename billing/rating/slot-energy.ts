import type { HoldCode, Slot } from '../../domain/bill.js'
import type { Decimal } from '../../domain/decimal.js'
import { err, ok, type Result } from '../../domain/result.js'
import { fromScaled } from '../../domain/scaled.js'
import type { BilledUsage } from '../../domain/bill.js'
import type { SlotMap } from '../tariffs/tariff.js'

export interface SlotEnergy {
  readonly slot: Slot
  readonly energyKwh: Decimal
}

const slotOrder = ['sharp', 'peak', 'flat', 'valley'] as const

/**
 * Energy of each slot in the order sharp, peak, flat, valley, zero ones included. What the registers do not account for goes to the
 * residual slot, so that Σ slots = total. `register_without_slot`: the meter counted energy in a register the tariff does not
 * know. `negative_slot_energy`: the registers exceed the total by more than the residual slot holds.
 * Source: billing-rules 7 and 17 (difference to the version's residual slot).
 */
export function slotEnergies(
  map: SlotMap | null,
  usage: BilledUsage,
): Result<readonly SlotEnergy[], { readonly kind: HoldCode }> {
  const totalKwh = fromScaled(usage.energyE4, 4)
  if (map === null) return ok([{ slot: 'all', energyKwh: totalKwh }])
  const registers = usage.touE4.map((energyE4, index) => ({
    slot: map.registers[index],
    energyKwh: fromScaled(energyE4, 4),
  }))
  if (registers.some(({ slot, energyKwh }) => slot === null && !energyKwh.isZero()))
    return err({ kind: 'register_without_slot' })
  const residualKwh = registers.reduce((rest, { energyKwh }) => rest.minus(energyKwh), totalKwh)
  const energies = slotOrder.map((slot) => ({
    slot,
    energyKwh: registers
      .filter((register) => register.slot === slot)
      .reduce((sum, { energyKwh }) => sum.plus(energyKwh), slot === map.residual ? residualKwh : fromScaled(0n, 4)),
  }))
  return energies.some(({ energyKwh }) => energyKwh.isNegative() && !energyKwh.isZero())
    ? err({ kind: 'negative_slot_energy' })
    : ok(energies)
}
