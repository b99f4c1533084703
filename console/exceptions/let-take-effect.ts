import type { Instant } from '../../domain/time.js'
import { applyDecisions } from '../../mdm/exceptions/apply-decisions.js'
import { followUpDecisions } from '../../mdm/exceptions/follow-up-decisions.js'
import type { Database } from '../../storage/database.js'
import { findDecision, type StoredDecision } from '../../storage/mdm/exception-decisions.js'
import { findTimeZone } from '../../storage/registry/as-of.js'
import type { Io } from '../cli/io.js'
import { withDatabase } from '../cli/session.js'
import { billedOfPeriods } from '../determinants/billed-of-periods.js'
import type { WhatFollowed } from '../registry/redo-correction.js'

export interface TakenEffect {
  readonly decision: StoredDecision
  /** Null where nothing was frozen that rests on it. */
  readonly followed: WhatFollowed | null
}

/** What needs nobody else takes effect at once, and what was frozen on it is frozen anew. */
export async function letTakeEffect(
  io: Io,
  decision: StoredDecision,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<TakenEffect> {
  const { decisionId, approvalsNeeded, approvers } = decision
  if (approvers.length < approvalsNeeded) return { decision, followed: null }
  return withDatabase(io, 'mdm', async (mdm) => {
    await applyDecisions(mdm, { now, decisionId })
    const followed = await followUp(mdm, { actor, now })
    return { decision: (await findDecision(mdm, decisionId)) ?? decision, followed }
  })
}

/** Freezes anew what rests on decisions that took effect, with the issued bills that no longer agree. */
export async function followUp(
  mdm: Database,
  stamp: { readonly actor: string; readonly now: Instant },
): Promise<WhatFollowed | null> {
  const redone = await followUpDecisions(mdm, stamp)
  if (redone === null) return null
  const someAccount = redone.periods.flatMap(({ accounts }) => accounts)[0]?.account
  const timeZone = someAccount === undefined ? null : await findTimeZone(mdm, someAccount)
  const billed = await billedOfPeriods(mdm, redone.periods)
  return { redone, laid: null, billed, timeZone: timeZone ?? 'Asia/Shanghai' }
}
