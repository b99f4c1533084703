import type { Instant } from '../../domain/time.js'
import { applyDecisions } from '../../mdm/exceptions/apply-decisions.js'
import { findDecision, type StoredDecision } from '../../storage/mdm/exception-decisions.js'
import type { Io } from '../cli/io.js'
import { withDatabase } from '../cli/session.js'

/** What needs nobody else takes effect at once. */
export async function letTakeEffect(io: Io, decision: StoredDecision, now: Instant): Promise<StoredDecision> {
  const { decisionId, approvalsNeeded, approvers } = decision
  if (approvers.length < approvalsNeeded) return decision
  return withDatabase(io, 'mdm', async (mdm) => {
    await applyDecisions(mdm, { now, decisionId })
    return (await findDecision(mdm, decisionId)) ?? decision
  })
}
