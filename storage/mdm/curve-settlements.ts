import type { MeterId } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface CurveSettlement {
  readonly from: LocalDate
  readonly to: LocalDate
  readonly recordedAt: Instant
  readonly actor: string
  /** Null for all meters. */
  readonly meterId: MeterId | null
  readonly policyVersion: string
  readonly days: { readonly complete: number; readonly filled: number; readonly held: number }
  readonly open: number
  readonly written: number
}

export function insertCurveSettlement(client: Queryable, settlement: CurveSettlement): Promise<number> {
  const { from, to, recordedAt, actor, meterId, policyVersion, days, open, written } = settlement
  return client.execute('insert into curve_settlement values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
    from,
    to,
    toTimestamptz(recordedAt),
    actor,
    meterId,
    policyVersion,
    days.complete,
    days.filled,
    days.held,
    open,
    written,
  ])
}
