import type { ChargeLine } from '../../domain/bill.js'
import type { Decimal } from '../../domain/decimal.js'
import { present } from '../../domain/result.js'
import type { Ladder } from '../tariffs/tariff.js'
import { chargeLines } from './charge-line.js'

/**
 * One line per block that holds energy. In the full form the block's price is the whole price; in the increment form it comes on top
 * of the energy charge, on the block's whole energy whatever the time of use.
 */
export function ladderCharge(ladder: Ladder, blocksKwh: readonly Decimal[]): readonly ChargeLine[] {
  const component = ladder.form === 'full' ? 'energy' : 'ladder_increment'
  return chargeLines(
    blocksKwh.map((energyKwh, index) => ({
      component,
      slot: 'all' as const,
      block: index + 1,
      energyKwh,
      priceE8: present(ladder.blockPricesE8[index], `price of block ${index + 1}`),
    })),
  )
}
