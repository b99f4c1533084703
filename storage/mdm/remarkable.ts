import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type FreezeQuery, meterBeforeDays } from './freeze-segments.js'

/** Accounts, usage points and meters of which the database knows more than what `streamPlainReadings` looks at; few. */
export interface RemarkableRows {
  /** That may begin in the period, or later, with something from the old books. */
  readonly accounts: readonly bigint[]
  /** That may feed in, or lie behind a transformer of their own; or where another meter hung until shortly before the period. */
  readonly usagePoints: readonly bigint[]
  /** Of which an end of the period was decided more than once. */
  readonly meters: readonly bigint[]
}

/** Rather too many than too few: later revisions and approvals are left to whoever looks at such an account. */
export async function readRemarkable(
  client: Queryable,
  { periodStart, periodEnd }: Pick<FreezeQuery, 'periodStart' | 'periodEnd'>,
): Promise<RemarkableRows> {
  const rows = await client.query<{ readonly kind: 'account' | 'usage_point' | 'meter'; readonly id: bigint }>(
    `select 'account' as kind, account_id as id from opening_state where as_of > $1
     union
     select 'account', i.account_id from opening_item i join opening_batch b on b.code = i.batch where b.as_of >= $1
     union
     select 'usage_point', usage_point_id from flow_timeline
      where direction <> 'import' and effective_from < $2 and (effective_to is null or effective_to > $1)
     union
     select 'usage_point', usage_point_id from transformer_timeline
      where effective_from < $2 and (effective_to is null or effective_to > $1)
     union
     select 'usage_point', usage_point_id from installation_timeline
      where effective_to > $1::timestamptz - interval '${meterBeforeDays} days' and effective_to <= $1
     union
     select 'meter', meter_id from validation_decision where read_at in ($1, $2) and quantity = 1 and revision > 1`,
    [toTimestamptz(periodStart), toTimestamptz(periodEnd)],
  )
  const idsOf = (kind: string) => rows.filter((row) => row.kind === kind).map(({ id }) => id)
  return { accounts: idsOf('account'), usagePoints: idsOf('usage_point'), meters: idsOf('meter') }
}
