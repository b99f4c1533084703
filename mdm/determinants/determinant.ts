import type { MeterId } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'

export interface Period {
  readonly periodStart: Instant
  readonly periodEnd: Instant
}
/** What an account is billed on. Energies kWh e4 after the multiplier: total, tou1…tou4 of the meter. */
export interface Determinant {
  readonly accountId: bigint
  readonly usagePointId: bigint
  readonly tariffCode: string
  readonly settlementKind: 'regular' | 'transfer'
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly ladderFrom: LocalDate
  readonly energiesE4: Energies
  readonly estimated: boolean
  readonly segments: readonly DeterminantSegment[]
}
export interface DeterminantSegment {
  readonly meter: NonNullable<SegmentRow['meter']>
  readonly meterId: MeterId
  readonly multiplier: number
  readonly startAt: Instant
  readonly endAt: Instant
  readonly startRead: Instant
  readonly endRead: Instant
  readonly energiesE4: Energies
  /** Of a segment that begins with the last billed registers of the old books: their batches. */
  readonly opensWith?: string
}
export type Energies = readonly [total: bigint, tou1: bigint, tou2: bigint, tou3: bigint, tou4: bigint]
