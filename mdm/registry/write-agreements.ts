import type { Segment } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import { type Agreement, readAgreements } from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { toAgreementRow } from './agreement-row.js'
import type { Version } from './carry-on.js'
import type { Stamp } from './registry-rows.js'

/** The next revision of an account's agreement, with what carried on into its later versions; the accounts that it went on into get theirs. */
export async function writeAgreements(
  tx: Transaction,
  own: { readonly accountId: bigint; readonly revision: number; readonly segments: readonly Segment<Agreement>[] },
  carried: readonly Version[],
  stamp: Stamp & { readonly reason: string },
): Promise<void> {
  const others = new Set(carried.map(({ accountId }) => accountId))
  others.delete(own.accountId)
  const timelines = [own]
  for (const accountId of others) timelines.push({ accountId, ...(await readAgreements(tx, accountId)) })
  const rows = timelines.flatMap(({ accountId, revision, segments }) =>
    segments.map((segment) => {
      const version = carried.find((one) => one.accountId === accountId && one.from === segment.from)
      const said = { ...segment, value: version?.value ?? segment.value }
      return {
        ...toAgreementRow(accountId, revision + 1, said),
        reason: stamp.reason,
        recorded_at: stamp.recordedAt,
        actor_id: stamp.actor,
      }
    }),
  )
  await insertRegistryRows(tx, 'agreement_timeline', rows)
}

/** Whether two stretches of an agreement say the same. */
export function isSameAgreement(a: Agreement, b: Agreement): boolean {
  return (
    a.usagePointId === b.usagePointId &&
    a.tariffCode === b.tariffCode &&
    a.ladderFrom === b.ladderFrom &&
    a.usageClass === b.usageClass &&
    a.contractCapacityKva === b.contractCapacityKva
  )
}
