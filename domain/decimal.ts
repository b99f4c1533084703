import { Decimal as DecimalJs } from 'decimal.js'

/**
 * The one configured decimal. 40 significant digits hold every product of a register, a multiplier and a price;
 * half-up means half away from zero (四舍五入), for corrections as for charges.
 */
export const Decimal = DecimalJs.clone({
  precision: 40,
  rounding: DecimalJs.ROUND_HALF_UP,
  toExpNeg: -40,
  toExpPos: 40,
})
export type Decimal = DecimalJs

const plainDecimal = /^-?\d+(\.\d+)?$/

/** Exact decimal of a plain text such as `-12.50`; null for anything else (exponents, blanks, signs alone). */
export function parseDecimal(text: string): Decimal | null {
  return plainDecimal.test(text) ? new Decimal(text) : null
}
