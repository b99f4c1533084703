import { exceptionPolicySchema, type ExceptionPolicy } from '../../domain/exception-policy.js'
import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { policyInForce } from '../../storage/mdm/exception-policies.js'

/** The policy of the queue as known at an instant; what is stored was checked when it was handed in. */
export async function loadExceptionPolicy(
  client: Queryable,
  knownAt: Instant,
): Promise<{ readonly revision: number; readonly policy: ExceptionPolicy }> {
  const row = present(await policyInForce(client, knownAt), 'a policy of the exception queue')
  return { revision: row.revision, policy: exceptionPolicySchema.parse(row.document) }
}
