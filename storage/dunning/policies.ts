import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface PolicyVersionRow {
  readonly policyCode: string
  readonly version: number
  readonly document: unknown
  readonly sha256: Buffer
}

export interface NewPolicyVersion {
  readonly policyCode: string
  readonly version: number
  readonly document: object
  readonly sha256: Buffer
  readonly author: string
  readonly approver: string
  readonly recordedAt: Instant
}

/** Every policy version recorded by an instant, oldest version first. There are few, so callers read them all. */
export function selectPolicyVersions(client: Queryable, knownAt: Instant): Promise<readonly PolicyVersionRow[]> {
  return client.query(
    `select policy_code as "policyCode", version, document, sha256
       from dunning_policy_version where recorded_at <= $1 order by policy_code, version`,
    [toTimestamptz(knownAt)],
  )
}

/** False when that version is there already. */
export async function insertPolicyVersion(client: Queryable, row: NewPolicyVersion): Promise<boolean> {
  const inserted = await client.execute(
    `insert into dunning_policy_version (policy_code, version, document, sha256, author, approver, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      row.policyCode,
      row.version,
      JSON.stringify(row.document),
      row.sha256,
      row.author,
      row.approver,
      toTimestamptz(row.recordedAt),
    ],
  )
  return inserted === 1
}
