import type { ChargeLine } from '../../domain/bill.js'
import { present } from '../../domain/result.js'
import type { Tariff } from '../tariffs/tariff.js'
import { chargeLines } from './charge-line.js'
import type { SlotEnergy } from './slot-energy.js'

/** One line per slot at the slot's price. */
export function energyCharge(tariff: Tariff, energies: readonly SlotEnergy[]): readonly ChargeLine[] {
  const prices = new Map(tariff.energyPrices.map(({ slot, priceE8 }) => [slot, priceE8]))
  return chargeLines(
    energies
      .filter(({ energyKwh }) => !energyKwh.isZero())
      .map(({ slot, energyKwh }) => ({
        component: 'energy' as const,
        slot,
        energyKwh,
        priceE8: present(prices.get(slot), `price of slot ${slot}`),
      })),
  )
}
