import type { Segment } from '../../domain/timeline.js'
import type { Agreement } from '../../storage/registry/changes.js'

/** A stretch of an account's agreement as a row, without who recorded it and why. */
export function toAgreementRow(accountId: bigint, revision: number, { from, to, value }: Segment<Agreement>) {
  return {
    account_id: accountId,
    revision,
    effective_from: from,
    effective_to: to,
    usage_point_id: value.usagePointId,
    tariff_code: value.tariffCode,
    ladder_from: value.ladderFrom,
    usage_class: value.usageClass,
    contract_capacity_kva: value.contractCapacityKva,
  }
}
