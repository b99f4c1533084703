/** Prices as integers of so many decimals that quantity e4 × price ÷ divisor is fen; exact in 53 bits up to `exactQuantityE4`. */
export interface PriceScale {
  readonly divisor: number
  readonly exactQuantityE4: number
}

/**
 * quantity × price in fen, rounded half up; quantities and prices are not negative here. The remainder of exact integers below 2^53
 * is exact, so their rounding is too; larger products go through bigint.
 */
export function chargeFen(scale: PriceScale, quantityE4: number, price: number): number {
  const { divisor } = scale
  if (quantityE4 > scale.exactQuantityE4) return chargeFenWide(quantityE4, price, divisor)
  const product = quantityE4 * price
  const remainder = product % divisor
  const quotient = (product - remainder) / divisor
  return 2 * remainder >= divisor ? quotient + 1 : quotient
}

function chargeFenWide(quantityE4: number, price: number, divisor: number): number {
  const wide = BigInt(divisor)
  return Number((2n * BigInt(quantityE4) * BigInt(price) + wide) / (2n * wide))
}
