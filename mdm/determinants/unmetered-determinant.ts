import { err, ok, present, type Result } from '../../domain/result.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import type { Determinant, Energies, Period } from './determinant.js'
import type { Hold } from './hold.js'

/** The determinant of an account whose usage point has no meter: what relations give it (定比, 定量). */
export function unmeteredDeterminant(
  rows: readonly SegmentRow[],
  period: Period,
  energiesE4: Energies,
): Result<Determinant, Hold> {
  const first = present(rows[0], 'a segment of the account')
  if (rows.some((row) => row.agreementFrom !== first.agreementFrom))
    return err({ kind: 'several_agreements', detail: 'the agreement changes inside the period' })
  const { accountId, usagePointId, tariffCode, ladderFrom, agreementFrom, agreementTo } = first
  const periodEnd = Math.min(period.periodEnd, agreementTo ?? period.periodEnd)
  return ok({
    accountId,
    usagePointId,
    tariffCode,
    settlementKind: periodEnd < period.periodEnd ? 'transfer' : 'regular',
    periodStart: Math.max(period.periodStart, agreementFrom),
    periodEnd,
    ladderFrom,
    energiesE4,
    estimated: false,
    segments: [],
  })
}
