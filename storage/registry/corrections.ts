import type { CarriedValue, CorrectionChange } from '../../domain/registry-correction.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Whose change is corrected; one of the three ids is given. */
export interface CorrectedObject {
  readonly usagePointId: bigint | null
  readonly accountId: bigint | null
  readonly meterId: bigint | null
}

/** Who wrote a correction; null where nobody did. */
export async function findCorrection(
  client: Queryable,
  correctionId: string,
): Promise<{ readonly author: string } | null> {
  const [row] = await client.query<{ readonly author: string }>(
    'select author from registry_correction where correction_id = $1',
    [correctionId],
  )
  return row ?? null
}

/** What the last correction of the same words that took effect left standing; null where none did. */
export async function findLastInEffect(
  client: Queryable,
  contentId: string,
): Promise<{ readonly leaves: number | null } | null> {
  const [row] = await client.query<{ readonly leaves: number | null }>(
    `select a.leaves from registry_correction c join registry_correction_approval a using (correction_id)
      where c.content_id = $1 order by a.approved_at desc, c.withdraws desc limit 1`,
    [contentId],
  )
  return row ?? null
}

/** How often the same words took effect. */
export async function countInEffect(client: Queryable, contentId: string): Promise<number> {
  const [row] = await client.query<{ readonly times: bigint }>(
    `select count(*) as times from registry_correction c join registry_correction_in_effect e using (correction_id) where c.content_id = $1`,
    [contentId],
  )
  return Number(row?.times ?? 0n)
}

/** Whether the same words took effect and nothing was done anew after that. */
export async function isToFollowUp(client: Queryable, contentId: string): Promise<boolean> {
  const rows = await client.query(
    `select from registry_correction c join registry_correction_in_effect e using (correction_id)
      where c.content_id = $1 and not exists (select from registry_correction_redo r where r.correction_id = e.correction_id)`,
    [contentId],
  )
  return rows.length > 0
}

/** A change that withdraws nothing took effect by its author's word; the database refuses any other. */
export async function insertLateChange(tx: Transaction, correctionId: string, recordedAt: Instant): Promise<void> {
  await tx.execute('insert into registry_late_change (correction_id, recorded_at) values ($1, $2)', [
    correctionId,
    toTimestamptz(recordedAt),
  ])
}

/** Corrections in effect after which nothing was done anew yet, as they were typed: whoever did was interrupted. */
export async function correctionsToFollowUp(client: Queryable): Promise<readonly CorrectionChange[]> {
  const rows = await client.query<{ readonly document: CorrectionChange }>(
    `select c.document from registry_correction c join registry_correction_in_effect e using (correction_id)
      where not exists (select from registry_correction_redo r where r.correction_id = e.correction_id)
      order by e.in_effect_at, c.correction_id`,
  )
  return rows.map(({ document }) => document)
}

/** Whatever of the same words is in effect has been followed up. */
export async function insertCorrectionFollowedUp(
  client: Queryable,
  contentId: string,
  recordedAt: Instant,
): Promise<void> {
  await client.execute(
    `insert into registry_correction_redo
     select e.correction_id, $2 from registry_correction c join registry_correction_in_effect e using (correction_id) where c.content_id = $1
         on conflict do nothing`,
    [contentId, toTimestamptz(recordedAt)],
  )
}

/** What the last correction of the same words carries on into later versions. */
export async function findCarried(client: Queryable, contentId: string): Promise<readonly CarriedValue[]> {
  const [row] = await client.query<{ readonly carries: readonly CarriedValue[] }>(
    `select c.carries from registry_correction c left join registry_correction_approval a using (correction_id)
      where c.content_id = $1 order by a.approved_at is null desc, c.recorded_at desc, c.withdraws desc limit 1`,
    [contentId],
  )
  return row?.carries ?? []
}

export interface NewCorrection {
  readonly correctionId: string
  readonly contentId: string
  readonly withdraws: number
  readonly carries: readonly CarriedValue[]
  readonly object: CorrectedObject
  readonly at: Instant
  readonly change: CorrectionChange
  readonly author: string
  readonly recordedAt: Instant
}

export async function insertCorrection(tx: Transaction, correction: NewCorrection): Promise<void> {
  const { correctionId, contentId, withdraws, carries, object, at, change, author, recordedAt } = correction
  await tx.execute(
    `insert into registry_correction (correction_id, kind, usage_point_id, account_id, meter_id, at, event, document, reason,
                                      correction_bill_due, author, recorded_at, content_id, withdraws, carries)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      correctionId,
      change.of.kind,
      object.usagePointId,
      object.accountId,
      object.meterId,
      toTimestamptz(at),
      change.of.kind === 'field_event' ? change.of.event : null,
      JSON.stringify(change),
      change.reason,
      change.correctionBillDue === true,
      author,
      toTimestamptz(recordedAt),
      contentId,
      withdraws,
      JSON.stringify(carries),
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
    leaves,
  }: {
    readonly correctionId: string
    readonly author: string
    readonly approver: string
    readonly approvedAt: Instant
    /** The number under which something stands there now; null: nothing does. */
    readonly leaves: number | null
  },
): Promise<void> {
  await tx.execute(
    'insert into registry_correction_approval (correction_id, author, approver, approved_at, leaves) values ($1, $2, $3, $4, $5)',
    [correctionId, author, approver, toTimestamptz(approvedAt), leaves],
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
  /** Nothing was wrong before: a change was told late of a time that was billed. */
  readonly isToldLate: boolean
  readonly reason: string
  readonly isCorrectionBillDue: boolean
  readonly author: string
  readonly recordedAt: Instant
  readonly approver: string | null
  readonly approvedAt: Instant | null
  readonly carries: readonly CarriedValue[]
}

/** What one person could tell alone is a change like any other. */
const takesTwo = 'not exists (select from registry_late_change l where l.correction_id = c.correction_id)'
const listed = `
  select c.correction_id as "correctionId", c.kind, coalesce(u.code, a.code, m.code) as object, c.at, coalesce(o.time_zone, 'Asia/Shanghai') as "timeZone",
         c.document -> 'instead' <> 'null' as "isReplaced", coalesce(c.withdraws <= 0, false) as "isToldLate", c.reason, c.correction_bill_due as "isCorrectionBillDue",
         c.author, c.recorded_at as "recordedAt", p.approver, p.approved_at as "approvedAt", c.carries
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
      where (c.meter_id = $1 or c.usage_point_id in (select usage_point_id from installation_timeline where meter_id = $1)) and ${takesTwo}
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
      where ${takesTwo} and (not $1 or p.approved_at is null and not exists (
        select from registry_correction n join registry_correction_approval q using (correction_id)
         where n.kind = c.kind and n.at = c.at and n.event is not distinct from c.event and q.approved_at > c.recorded_at
           and (n.usage_point_id, n.account_id, n.meter_id) is not distinct from (c.usage_point_id, c.account_id, c.meter_id)))
      order by c.recorded_at desc, c.correction_id limit $2`,
    [waiting, limit],
  )
}
