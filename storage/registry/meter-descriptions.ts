import type { MeterEntry } from '../../domain/meter-entries.js'
import { type MeterId, readingSources } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { beforeEverything } from '../../domain/timeline.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { isStandingClaim, withdrawnRule, type WithdrawalStamp } from './withdrawals.js'

export type Description = Omit<MeterEntry, 'code' | 'protocol'> & { readonly protocol: string }

/** How often the description of a meter was put right. */
export async function countDescriptions(client: Queryable, meterId: MeterId): Promise<number> {
  const [row] = await client.query<{ readonly n: number }>(
    'select count(*)::integer as n from meter_description where meter_id = $1',
    [meterId],
  )
  return row?.n ?? 0
}

/** The meter is described so from now on; what was believed of it stays on record. */
export async function insertDescription(
  tx: Transaction,
  { meterId, was, becomes }: { readonly meterId: MeterId; readonly was: Description; readonly becomes: Description },
  { correctionId, recordedAt }: WithdrawalStamp,
): Promise<void> {
  await tx.execute(
    `insert into meter_description (meter_id, revision, was_protocol, was_communication_address, was_model, was_register_digits, was_register_decimals,
                                    protocol, communication_address, model, register_digits, register_decimals, correction_id, recorded_at)
     select $1, 1 + count(*), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from meter_description where meter_id = $1`,
    [meterId, ...columnsOf(was), ...columnsOf(becomes), correctionId, toTimestamptz(recordedAt)],
  )
}

function columnsOf({ protocol, communicationAddress, model, registerDigits, registerDecimals }: Description) {
  return [protocol, communicationAddress, model, registerDigits, registerDecimals] as const
}

/** Another meter that answers, or answered, on the same line at the same time to an address. */
export async function findSameAddress(
  client: Queryable,
  meterId: MeterId,
  { protocol, communicationAddress }: Pick<Description, 'protocol' | 'communicationAddress'>,
): Promise<string | null> {
  const [row] = await client.query<{ readonly code: string }>(
    `with hung as (
       select t.* from installation_timeline t
        where t.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = t.usage_point_id)
          and (t.effective_to is null or t.effective_to > $4))
     select m.code from meter m join hung o using (meter_id)
       join hung i on i.meter_id = $1 and i.line_id = o.line_id
        and i.effective_from < coalesce(o.effective_to, 'infinity') and o.effective_from < coalesce(i.effective_to, 'infinity')
      where m.communication_address = $3 and m.protocol = $2 and m.meter_id <> $1
      order by m.code limit 1`,
    [meterId, protocol, communicationAddress, toTimestamptz(beforeEverything.to)],
  )
  return row?.code ?? null
}

/** When a meter was first believed to hang anywhere; null: never. */
export async function firstHungAt(client: Queryable, meterId: MeterId): Promise<Instant | null> {
  const [row] = await client.query<{ readonly at: Instant | null }>(
    'select min(effective_from) as at from installation_timeline where meter_id = $1 and effective_from > $2',
    [meterId, toTimestamptz(beforeEverything.from)],
  )
  return row?.at ?? null
}

/** Usage points at which a meter hung, by any revision. */
export async function pointsEverOf(client: Queryable, meterId: MeterId): Promise<readonly bigint[]> {
  const rows = await client.query<{ readonly usage_point_id: bigint }>(
    'select distinct usage_point_id from installation_timeline where meter_id = $1 order by 1',
    [meterId],
  )
  return rows.map((row) => row.usage_point_id)
}

/** What came by wire from a wrong address is no claim of the meter: decisions that rested on nothing else begin again. */
export async function withdrawWireDecisions(
  tx: Transaction,
  { meterId, reason, recordedAt }: { readonly meterId: MeterId; readonly reason: string; readonly recordedAt: Instant },
): Promise<void> {
  await tx.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, rules, reason, recorded_at)
     select v.meter_id, v.quantity, v.read_at, v.revision + 1, 'held', array[$2], $3, $4::timestamptz
       from validated_reading v
      where v.meter_id = $1 and (v.verdict = 'held' or v.source <= ${readingSources.live})
        and not exists (select from reading_claims c
                         where (c.meter_id, c.quantity, c.read_at) = (v.meter_id, v.quantity, v.read_at) and ${isStandingClaim})`,
    [meterId, withdrawnRule, reason, toTimestamptz(recordedAt)],
  )
}
