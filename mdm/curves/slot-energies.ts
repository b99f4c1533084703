import { boundaryStates } from '../../domain/boundary-columns.js'
import { slotQualities } from '../../domain/interval-day.js'
import { intervalEnergyE4 } from '../../domain/interval-energy.js'
import type { CurveDay, DaySlots } from './rule.js'

/** Slots are stored as int32: 214 748 kWh. */
const mostStoredE4 = 2n ** 31n - 1n

/**
 * Energies of the slots whose registers are known at both ends; the others are missing. So the energy of a slot that did not come is
 * never booked into the next one. A register that fell, or rose by more than a slot can store, leaves its slot suspect with the value 0.
 */
export function slotEnergies(day: CurveDay): DaySlots {
  const { registersE4, slotCount, installed, meter } = day
  const energiesE4 = new BigInt64Array(slotCount)
  const qualities = new Uint8Array(slotCount)
  for (let slot = 0; slot < slotCount; slot++) {
    if (slot < installed.from || slot >= installed.to) qualities[slot] = slotQualities.not_installed
    else if (!isKnown(day, slot) || !isKnown(day, slot + 1)) qualities[slot] = slotQualities.missing
    else {
      const energyE4 = energyBetween(registersE4[slot] ?? 0n, registersE4[slot + 1] ?? 0n, meter.registerDigits)
      if (energyE4 === null || energyE4 > mostStoredE4) qualities[slot] = slotQualities.suspect
      else energiesE4[slot] = energyE4
    }
  }
  return { energiesE4, qualities }
}

/** Most registers rise: only a fall is worth asking about a rollover. */
function energyBetween(startE4: bigint, endE4: bigint, digits: number): bigint | null {
  if (endE4 >= startE4) return endE4 - startE4
  const energy = intervalEnergyE4(startE4, endE4, digits)
  return energy.ok ? energy.value : null
}

function isKnown({ states }: CurveDay, boundary: number): boolean {
  const state = states[boundary]
  return state === boundaryStates.piece || state === boundaryStates.reading
}
