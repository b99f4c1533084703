import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type PolicyRevision, revisionColumns } from './policy-revisions.js'

const select = `select ${revisionColumns} from validation_policy p left join validation_policy_approval a using (revision)`

/** The revisions that were approved by an instant, latest first. */
export function approvedPolicies(queryable: Queryable, knownAt: Instant): Promise<readonly PolicyRevision[]> {
  return queryable.query<PolicyRevision>(`${select} where a.approved_at <= $1 order by p.revision desc`, [
    toTimestamptz(knownAt),
  ])
}

export async function findPolicy(queryable: Queryable, revision: number): Promise<PolicyRevision | null> {
  const [row] = await queryable.query<PolicyRevision>(`${select} where p.revision = $1`, [revision])
  return row ?? null
}
