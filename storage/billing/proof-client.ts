import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type {
  ProofDeterminantRow,
  ProofMeterRow,
  ProofOpeningBatchRow,
  ProofOpeningRow,
  ProofReadingRow,
} from './proof-rows.js'

export interface FoundOpening {
  readonly items: readonly ProofOpeningRow[]
  readonly batches: readonly ProofOpeningBatchRow[]
}

/** Rows behind the bills of many accounts of one freeze, read set-wise; `aheadOf` fills it. What is not there is asked for one by one. */
export interface ProofAhead {
  readonly accounts: ReadonlySet<bigint>
  readonly determinants: ReadonlyMap<bigint, ProofDeterminantRow>
  readonly meters: ReadonlyMap<bigint, ProofMeterRow>
  /** By `readingKey`. */
  readonly readings: ReadonlyMap<string, ProofReadingRow>
  /** By `openingKey`; an account of `accounts` that is not there brought nothing along. */
  readonly openings: ReadonlyMap<string, FoundOpening>
  /** Those of `accounts` that have parts from relations. */
  readonly withRelations: ReadonlySet<bigint>
}

/** A client that may have read ahead. */
export interface ProofClient extends Queryable {
  readonly ahead?: ProofAhead
}

export function readingKey(meterId: bigint, quantity: number, readAt: Instant): string {
  return `${meterId} ${quantity} ${readAt}`
}

export function openingKey(accountId: bigint, asOf: Instant): string {
  return `${accountId} ${asOf}`
}
