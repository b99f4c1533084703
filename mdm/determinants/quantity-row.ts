import type { Determinant } from './determinant.js'
import { type DeterminantQuantity, valueOf } from './quantity.js'

/** A quantity as a row of determinant_quantity. */
export function toQuantityRow(setId: bigint, determinant: Determinant, quantity: DeterminantQuantity) {
  const [total, tou1, tou2, tou3, tou4] = valueOf(quantity) ?? [null, null, null, null, null]
  const { links, value } = quantity
  return {
    set_id: setId,
    account_id: determinant.accountId,
    usage_point_id: determinant.usagePointId,
    quantity: quantity.quantity,
    other_point_id: quantity.otherPointId ?? determinant.usagePointId,
    unit: quantity.unit,
    total_e4: total,
    tou1_e4: tou1,
    tou2_e4: tou2,
    tou3_e4: tou3,
    tou4_e4: tou4,
    moment: quantity.moment,
    missing: 'missing' in value ? value.missing : null,
    basis: quantity.basis,
    meter_ids: links.map(({ meterId }) => meterId),
    multipliers: links.map(({ multiplier }) => multiplier),
    start_reads: links.map(({ startRead }) => startRead),
    end_reads: links.map(({ endRead }) => endRead),
    start_revisions: links.map(({ startRevision }) => startRevision),
    end_revisions: links.map(({ endRevision }) => endRevision),
    start_origins: links.map(({ startOrigin }) => startOrigin),
    end_origins: links.map(({ endOrigin }) => endOrigin),
    ...(quantity.insteadOf === undefined ? {} : { instead_of: quantity.insteadOf }),
  }
}
