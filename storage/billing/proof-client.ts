import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { RelationRow } from '../mdm/determinant-relations.js'
import type {
  AskedDemands,
  DayFrameRow,
  ProofBehindRow,
  ProofDayRow,
  ProofDemandRow,
  ProofDeterminantRow,
  ProofMemberRow,
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
  /** All relations of the freeze; null where no account has parts from any. */
  readonly relations: readonly RelationRow[] | null
  /** Accounts of usage points in relations, by usage point. */
  readonly members: ReadonlyMap<bigint, readonly ProofMemberRow[]>
  readonly pointCodes: ReadonlyMap<bigint, string>
  /** By `demandsKey`. */
  readonly demands: ReadonlyMap<string, readonly ProofDemandRow[]>
  /** By usage point. */
  readonly transformers: ReadonlyMap<bigint, readonly ProofBehindRow[]>
  /** By account. */
  readonly days: ReadonlyMap<bigint, FoundDays>
}

/** Interval days of an account with the messages that brought their points. */
export interface FoundDays {
  readonly days: readonly ProofDayRow[]
  readonly frames: readonly DayFrameRow[]
}

/** A client that may have read ahead. */
export interface ProofClient extends Queryable {
  readonly ahead?: ProofAhead
}

export function readingKey(meterId: bigint, quantity: number, readAt: Instant): string {
  return `${meterId} ${quantity} ${readAt}`
}

export function demandsKey({ meterId, quantity, after, to }: AskedDemands): string {
  return `${meterId} ${quantity} ${after} ${to}`
}

export function openingKey(accountId: bigint, asOf: Instant): string {
  return `${accountId} ${asOf}`
}
