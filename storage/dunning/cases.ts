import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { jsonRows } from './json-rows.js'

export interface CaseRow {
  readonly caseId: string
  readonly segmentId: bigint
  readonly ordinal: number
  readonly accountId: bigint
  readonly policyCode: string
  readonly policyVersion: number
}

export interface CaseEventRow {
  readonly caseId: string
  readonly ordinal: number
  readonly kind: string
  readonly detail: object
}

export interface CaseSummary {
  readonly caseId: string
  readonly state: 'active' | 'manual' | 'closed_paid'
  readonly step: number
  readonly effectiveCount: number
}

/** Opens the cases that do not exist yet; returns how many that were. */
export function insertCases(tx: Transaction, rows: readonly CaseRow[], at: Instant): Promise<number> {
  return tx.execute(
    `insert into dunning_case (case_id, segment_id, ordinal, account_id, policy_code, policy_version, state, step, effective_count, changed_at)
     select r."caseId", r."segmentId", r.ordinal, r."accountId", r."policyCode", r."policyVersion", 'active', 0, 0, $2
       from jsonb_to_recordset($1) as r("caseId" uuid, "segmentId" bigint, ordinal integer, "accountId" bigint, "policyCode" text, "policyVersion" integer)
      order by r."caseId"
     on conflict do nothing`,
    [jsonRows(rows), toTimestamptz(at)],
  )
}

/** Takes the cases for this transaction; whoever else wants one of them waits. */
export function lockCases(tx: Transaction, caseIds: readonly string[]): Promise<readonly CaseRow[]> {
  return tx.query(
    `select case_id as "caseId", segment_id as "segmentId", ordinal, account_id as "accountId",
            policy_code as "policyCode", policy_version as "policyVersion"
       from dunning_case where case_id = any($1::uuid[]) order by case_id for update`,
    [caseIds],
  )
}

/** The histories of cases, oldest input first. */
export function selectCaseEvents(client: Queryable, caseIds: readonly string[]): Promise<readonly CaseEventRow[]> {
  return client.query(
    `select case_id as "caseId", ordinal, kind, detail
       from dunning_case_event where case_id = any($1::uuid[]) order by case_id, ordinal`,
    [caseIds],
  )
}

/** Writes the inputs that cases took, and what the cases became by them. */
export async function saveCases(
  tx: Transaction,
  events: readonly CaseEventRow[],
  summaries: readonly CaseSummary[],
  at: Instant,
): Promise<void> {
  await tx.execute(
    `insert into dunning_case_event (case_id, ordinal, kind, detail, occurred_at)
     select r."caseId", r.ordinal, r.kind, r.detail, $2
       from jsonb_to_recordset($1) as r("caseId" uuid, ordinal integer, kind text, detail jsonb)`,
    [jsonRows(events), toTimestamptz(at)],
  )
  await tx.execute(
    `update dunning_case c set state = r.state, step = r.step, effective_count = r."effectiveCount", changed_at = $2
       from jsonb_to_recordset($1) as r("caseId" uuid, state text, step integer, "effectiveCount" integer)
      where c.case_id = r."caseId"`,
    [jsonRows(summaries), toTimestamptz(at)],
  )
}

/** Cases still open although nothing is owed any more, in id order. */
export async function selectPaidCases(client: Queryable, limit: number): Promise<readonly string[]> {
  const rows = await client.query<{ readonly caseId: string }>(
    `select c.case_id as "caseId"
       from dunning_case c
       join open_item i on (i.segment_id, i.ordinal) = (c.segment_id, c.ordinal)
      where c.state in ('active', 'manual') and i.open_fen <= 0
      order by c.case_id limit $1`,
    [limit],
  )
  return rows.map(({ caseId }) => caseId)
}
