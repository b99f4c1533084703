import { type ChargeLine, type Component, components, noBlock, type Slot, slots } from '../../domain/bill.js'
import type { Decimal } from '../../domain/decimal.js'
import { fromScaled } from '../../domain/scaled.js'

interface Charge {
  readonly component: Component
  readonly slot: Slot
  readonly block?: number
  readonly energyKwh: Decimal
  readonly priceE8: bigint
}

/** Energy × price in fen, rounded once, half away from zero. No line for no energy or no price. */
export function chargeLines(charges: readonly Charge[]): readonly ChargeLine[] {
  return charges
    .filter(({ energyKwh, priceE8 }) => !energyKwh.isZero() && priceE8 !== 0n)
    .map(({ component, slot, block = noBlock, energyKwh, priceE8 }) => ({
      component: components[component],
      slot: slots[slot],
      block,
      quantityE4: BigInt(energyKwh.mul(10_000).toFixed(0)),
      priceE8,
      amountFen: BigInt(energyKwh.mul(fromScaled(priceE8, 8)).mul(100).toFixed(0)),
    }))
}
