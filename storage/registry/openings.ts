import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface OpeningBatch {
  readonly code: string
  readonly asOf: Instant
  readonly document: string
  readonly items: number
  readonly itemCount: number
  readonly registersE4: bigint
  readonly ladderE4: bigint
  readonly estimatesE4: bigint
  readonly prepaidFen: bigint
  readonly arrearsFen: bigint
  readonly sha256: string
  readonly author: string
  readonly recordedAt: Instant
  readonly approvers: readonly string[]
  /** Null until two people have approved it. */
  readonly inForceAt: Instant | null
}

/** Opening batches by code. */
export async function readOpeningBatches(client: Queryable): Promise<readonly OpeningBatch[]> {
  const rows = await client.query<{
    readonly code: string
    readonly as_of: Instant
    readonly document: string
    readonly items: bigint
    readonly item_count: number
    readonly register_e4: bigint
    readonly ladder_e4: bigint
    readonly estimate_e4: bigint
    readonly prepaid_fen: bigint
    readonly arrear_fen: bigint
    readonly sha256: string
    readonly author: string
    readonly recorded_at: Instant
    readonly approvers: readonly string[]
    readonly in_force_at: Instant | null
  }>(
    `select b.code, b.as_of, b.document, b.item_count, b.register_e4::bigint, b.ladder_e4::bigint, b.estimate_e4::bigint,
            b.prepaid_fen::bigint, b.arrear_fen::bigint, b.sha256, b.author, b.recorded_at, f.in_force_at,
            (select count(*) from opening_item i where i.batch = b.code) as items,
            array(select a.approver from opening_batch_approval a where a.code = b.code order by a.approved_at, a.approver) as approvers
       from opening_batch b left join opening_batch_in_force f using (code)
      order by b.code`,
  )
  return rows.map((row) => ({
    code: row.code,
    asOf: row.as_of,
    document: row.document,
    items: Number(row.items),
    itemCount: row.item_count,
    registersE4: row.register_e4,
    ladderE4: row.ladder_e4,
    estimatesE4: row.estimate_e4,
    prepaidFen: row.prepaid_fen,
    arrearsFen: row.arrear_fen,
    sha256: row.sha256,
    author: row.author,
    recordedAt: row.recorded_at,
    approvers: row.approvers,
    inForceAt: row.in_force_at,
  }))
}

/** @returns whether the approval is new. The database refuses an author, somebody without the right, and a batch that is another. */
export async function insertOpeningApproval(
  client: Queryable,
  approval: { readonly code: string; readonly sha256: string; readonly approver: string; readonly approvedAt: Instant },
): Promise<boolean> {
  const { code, sha256, approver, approvedAt } = approval
  const inserted = await client.execute(
    `insert into opening_batch_approval (code, sha256, approver, approved_at) values ($1, $2, $3, $4) on conflict do nothing`,
    [code, sha256, approver, toTimestamptz(approvedAt)],
  )
  return inserted === 1
}

/** Gives billing the ladders of all batches in force that it does not have yet; a repetition makes up for a crash before this. */
export async function takeOpeningLadders(client: Queryable): Promise<void> {
  await client.query('select take_opening_ladders()')
}

/** Batches in force that came after their accounts were frozen, or some of them, by when: what was frozen is to be done anew. */
export async function openingsToFollowUp(client: Queryable): Promise<readonly string[]> {
  const rows = await client.query<{ readonly code: string }>(
    'select code from opening_batch_to_follow_up group by code order by min(in_force_at), code',
  )
  return rows.map(({ code }) => code)
}

/** What rested on other openings than a batch in force has been done anew, or nothing did. */
export async function insertOpeningFollowedUp(client: Queryable, code: string, recordedAt: Instant): Promise<void> {
  await client.execute(
    'insert into opening_batch_redo select code, $2 from opening_batch_in_force where code = $1 on conflict do nothing',
    [code, toTimestamptz(recordedAt)],
  )
}

/** Where accounts of which a batch says more than money were ever supplied. */
export async function pointsOfOpening(client: Queryable, code: string): Promise<readonly bigint[]> {
  const rows = await client.query<{ readonly usage_point_id: bigint }>(
    `select distinct g.usage_point_id from opening_item i join agreement_timeline g using (account_id)
      where i.batch = $1 and i.kind in ('register', 'ladder', 'estimate') order by 1`,
    [code],
  )
  return rows.map((row) => row.usage_point_id)
}
