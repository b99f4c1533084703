import type { CorrectionChange } from '../../domain/registry-correction.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Whose change is corrected; one of the three ids is given. */
export interface CorrectedObject {
  readonly usagePointId: bigint | null
  readonly accountId: bigint | null
  readonly meterId: bigint | null
}

export interface RecordedCorrection {
  readonly author: string
  /** Null while nobody has said the same. */
  readonly approvedAt: Instant | null
}

export async function findCorrection(client: Queryable, correctionId: string): Promise<RecordedCorrection | null> {
  const [row] = await client.query<RecordedCorrection>(
    `select c.author, a.approved_at as "approvedAt"
       from registry_correction c left join registry_correction_approval a using (correction_id)
      where c.correction_id = $1`,
    [correctionId],
  )
  return row ?? null
}

export async function insertCorrection(
  tx: Transaction,
  correction: {
    readonly correctionId: string
    readonly object: CorrectedObject
    readonly change: CorrectionChange
    readonly author: string
    readonly recordedAt: Instant
  },
): Promise<void> {
  const { correctionId, object, change, author, recordedAt } = correction
  await tx.execute(
    `insert into registry_correction (correction_id, kind, usage_point_id, account_id, meter_id, at, event, document, reason,
                                      correction_bill_due, author, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      correctionId,
      change.of.kind,
      object.usagePointId,
      object.accountId,
      object.meterId,
      toTimestamptz(Date.parse(change.of.at)),
      change.of.kind === 'field_event' ? change.of.event : null,
      JSON.stringify(change),
      change.reason,
      change.correctionBillDue === true,
      author,
      toTimestamptz(recordedAt),
    ],
  )
}

/** The database refuses the author, processes, and who has no right to approve. */
export async function insertCorrectionApproval(
  tx: Transaction,
  {
    correctionId,
    author,
    approver,
    approvedAt,
  }: {
    readonly correctionId: string
    readonly author: string
    readonly approver: string
    readonly approvedAt: Instant
  },
): Promise<void> {
  await tx.execute(
    'insert into registry_correction_approval (correction_id, author, approver, approved_at) values ($1, $2, $3, $4)',
    [correctionId, author, approver, toTimestamptz(approvedAt)],
  )
}

/** A correction as somebody who looks at its object, or at a meter that hung there, wants to see it. */
export interface ListedCorrection {
  readonly correctionId: string
  readonly kind: string
  readonly object: string
  readonly at: Instant
  readonly timeZone: string
  readonly isReplaced: boolean
  readonly reason: string
  readonly isCorrectionBillDue: boolean
  readonly author: string
  readonly recordedAt: Instant
  readonly approver: string | null
  readonly approvedAt: Instant | null
}

const listed = `
  select c.correction_id as "correctionId", c.kind, coalesce(u.code, a.code, m.code) as object, c.at, coalesce(o.time_zone, 'Asia/Shanghai') as "timeZone",
         c.document -> 'instead' <> 'null' as "isReplaced", c.reason, c.correction_bill_due as "isCorrectionBillDue",
         c.author, c.recorded_at as "recordedAt", p.approver, p.approved_at as "approvedAt"
    from registry_correction c
    left join registry_correction_approval p using (correction_id)
    left join usage_point u using (usage_point_id) left join account a using (account_id) left join meter m on m.meter_id = c.meter_id
    left join organisation o on o.organisation_id = coalesce(u.organisation_id, a.organisation_id)`

/** What was corrected, or is to be, about a meter and the usage points at which it ever hung; the latest first. */
export function correctionsOfMeter(
  client: Queryable,
  meterId: bigint,
  limit: number,
): Promise<readonly ListedCorrection[]> {
  return client.query<ListedCorrection>(
    `${listed}
      where c.meter_id = $1 or c.usage_point_id in (select usage_point_id from installation_timeline where meter_id = $1)
      order by c.recorded_at desc, c.correction_id limit $2`,
    [meterId, limit],
  )
}

/** The latest corrections; `waiting`: those that a second person has not handed in yet, and whose change nobody corrected since. */
export function listCorrections(
  client: Queryable,
  { waiting, limit }: { readonly waiting: boolean; readonly limit: number },
): Promise<readonly ListedCorrection[]> {
  return client.query<ListedCorrection>(
    `${listed}
      where not $1 or (p.approved_at is null and not exists (
        select from registry_correction n join registry_correction_approval q using (correction_id)
         where n.kind = c.kind and n.at = c.at and n.event is not distinct from c.event and q.approved_at > c.recorded_at
           and (n.usage_point_id, n.account_id, n.meter_id) is not distinct from (c.usage_point_id, c.account_id, c.meter_id)))
      order by c.recorded_at desc, c.correction_id limit $2`,
    [waiting, limit],
  )
}
