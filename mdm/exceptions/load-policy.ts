import type { ExceptionPolicy } from '../../domain/exception-policy.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { policyInForce } from '../policies/policy-kind.js'
import { exceptionPolicyKind, shippedRevision } from './policy-kind.js'

/** The policy of the queue as known at an instant. @throws UserError `bad_config` for a stored one that this program cannot read. */
export async function loadExceptionPolicy(
  client: Queryable,
  knownAt: Instant,
): Promise<{ readonly revision: number; readonly policy: ExceptionPolicy }> {
  const { revision, document } = await policyInForce(exceptionPolicyKind, client, { knownAt })
  return { revision: revision ?? shippedRevision, policy: document }
}
