import { integer, multiply, type Rational } from '../rational.js'

/** What a component should charge in a slot and a block: its line has this quantity at this price. */
export interface Charge {
  readonly slot: string | null
  readonly block: number | null
  readonly isFlat: boolean
  readonly quantity: Rational
  /** Null where each interval has its own. */
  readonly unitPrice: Rational | null
  /** Before the multiple of the component. */
  readonly exact: Rational
}

export interface Priced extends Partial<Pick<Charge, 'slot' | 'block' | 'isFlat'>> {
  readonly quantity: Rational
  readonly unitPrice: Rational
}

export function priced({ slot = null, block = null, isFlat = false, quantity, unitPrice }: Priced): Charge {
  return { slot, block, isFlat, quantity, unitPrice, exact: multiply(quantity, unitPrice) }
}

/** A flat amount, once. */
export function flatAmount(unitPrice: Rational, block: number, slot: string | null): Charge {
  return priced({ slot, block, isFlat: true, quantity: integer(1n), unitPrice })
}
