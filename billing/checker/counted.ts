/** What registers count. Source: DL/T 645-2007, table A.1; GB/T 645-1997, table A.1. */
export interface Counted {
  /** DI2 of the energy, which is DI1 of its daily freeze; null where a meter has no such freeze. */
  readonly byte: string | null
  /** Items of the edition of 1997, as they stand: with tariffs, and the total alone. */
  readonly live: readonly string[]
}

export const activeEnergy: Counted = { byte: '01', live: ['901F', '9010'] }
