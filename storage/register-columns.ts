import type { RegisterSet } from '../domain/reading.js'

/** The register columns that readings, claims and decisions share; energies e4. */
export interface RegisterColumns {
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
}

export function toRegisters(row: RegisterColumns): RegisterSet {
  return { totalE4: row.total_e4, touE4: [row.tou1_e4, row.tou2_e4, row.tou3_e4, row.tou4_e4] }
}

export function fromRegisters({ totalE4, touE4 }: RegisterSet) {
  return { total_e4: totalE4, tou1_e4: touE4[0], tou2_e4: touE4[1], tou3_e4: touE4[2], tou4_e4: touE4[3] }
}
