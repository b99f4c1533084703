import { present } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { ProofRegisters } from './proof-document.js'

export interface StoredRegisters {
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
}

export function registersOf(row: StoredRegisters): ProofRegisters {
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = [row.tou1_e4, row.tou2_e4, row.tou3_e4, row.tou4_e4].map(
    (energyE4) => (energyE4 === null ? null : kwh(energyE4)),
  )
  return { total: kwh(row.total_e4), tou1, tou2, tou3, tou4 }
}

export function nameOf(numbers: Readonly<Record<string, number>>, number: number | undefined): string {
  return present(
    Object.entries(numbers).find(([, value]) => value === number),
    `name of ${number}`,
  )[0]
}

export function kwh(energyE4: bigint): string {
  return formatScaled(energyE4, 4)
}

export function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}
