import type { Determinant } from './determinant.js'

/** A determinant as a row of its table. */
export function toDeterminantRow(setId: bigint, determinant: Determinant) {
  const [energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4] = determinant.energiesE4
  const { segments } = determinant
  return {
    set_id: setId,
    account_id: determinant.accountId,
    usage_point_id: determinant.usagePointId,
    tariff_code: determinant.tariffCode,
    settlement_kind: determinant.settlementKind,
    period_start: determinant.periodStart,
    period_end: determinant.periodEnd,
    ladder_from: determinant.ladderFrom,
    energy_e4,
    tou1_e4,
    tou2_e4,
    tou3_e4,
    tou4_e4,
    estimated: determinant.estimated,
    meter_ids: segments.map(({ meterId }) => meterId),
    multipliers: segments.map(({ multiplier }) => multiplier),
    start_reads: segments.map(({ startRead }) => startRead),
    end_reads: segments.map(({ endRead }) => endRead),
  }
}
