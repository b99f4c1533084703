import { Decimal } from '../../domain/decimal.js'

/**
 * How the energy used after `openingKwh` falls into the blocks that `limitsKwh` bound; one element more than there are limits.
 * A block holds what lies above its lower bound and up to and including its upper one.
 */
export function blockEnergies(
  limitsKwh: readonly Decimal[],
  openingKwh: Decimal,
  energyKwh: Decimal,
): readonly Decimal[] {
  const closingKwh = openingKwh.plus(energyKwh)
  return Array.from({ length: limitsKwh.length + 1 }, (_, index) => {
    const lower = index === 0 ? openingKwh : Decimal.max(openingKwh, limitsKwh[index - 1] ?? 0)
    const upper = index === limitsKwh.length ? closingKwh : Decimal.min(closingKwh, limitsKwh[index] ?? 0)
    return Decimal.max(upper.minus(lower), 0)
  })
}
