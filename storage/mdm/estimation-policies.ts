import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type PolicyRevision, revisionColumns } from './policy-revisions.js'

/** The revision in force at `at` as known at `knownAt`; null while the built-in policy is. */
export async function estimationPolicyAsOf(
  queryable: Queryable,
  knownAt: Instant,
  at: Instant,
): Promise<PolicyRevision | null> {
  const [row] = await queryable.query<PolicyRevision>(
    `select ${revisionColumns} from estimation_policy_as_of($1, $2) p join estimation_policy_approval a using (revision)`,
    [toTimestamptz(knownAt), toTimestamptz(at)],
  )
  return row ?? null
}
