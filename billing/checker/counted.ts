/** What registers count. Source: DL/T 645-2007, table A.1; GB/T 645-1997, table A.1. */
export interface Counted {
  /** DI2 of the energy, which is DI1 of its daily freeze; null where a meter has no such freeze. */
  readonly byte: string | null
  /** Items of the edition of 1997, as they stand: with tariffs, and the total alone. */
  readonly live: readonly string[]
  /** Items that the last settlement left, of the edition of 2007 and of 1997; null where an edition has none. */
  readonly settled: readonly [of2007: string | null, of1997: string | null]
  /** Whether the highest bit is a sign: combined reactive energy. */
  readonly signed?: true
}

export const activeEnergy: Counted = { byte: '01', live: ['901F', '9010'], settled: ['0001FF01', '941F'] }

/** Determinants that are differences of registers beside the energy that is billed. */
export const countedBeside: Readonly<Record<string, Counted>> = {
  export_energy: { byte: '02', live: ['902F', '9020'], settled: ['0002FF01', '942F'] },
  reactive_forward: { byte: null, live: [], settled: [null, '9510'] },
  reactive_reverse: { byte: null, live: [], settled: [null, '9520'] },
  reactive_combined1: { byte: '03', live: [], settled: ['00030001', null], signed: true },
  reactive_combined2: { byte: '04', live: [], settled: ['00040001', null], signed: true },
  reactive_quadrant1: { byte: '05', live: [], settled: ['00050001', '9530'] },
  reactive_quadrant2: { byte: '06', live: [], settled: ['00060001', '9550'] },
  reactive_quadrant3: { byte: '07', live: [], settled: ['00070001', '9560'] },
  reactive_quadrant4: { byte: '08', live: [], settled: ['00080001', '9540'] },
}
