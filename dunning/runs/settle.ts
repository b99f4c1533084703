import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { selectPaidCases } from '../../storage/dunning/cases.js'
import { insertPaidOutcomes } from '../../storage/dunning/manual-tasks.js'
import { suppressUnsent } from '../../storage/dunning/outbox.js'
import type { CaseEffect } from '../cases/case.js'
import { manualTaskIdOf, noticeIdOf } from '../cases/case-ids.js'
import { heldCase, holdCases, releaseCases } from './case-work.js'
import { loadPolicies, type Policies } from './policies.js'

const casesPerTransaction = 1000

export interface SettleCounts {
  readonly closed: number
  /** Notices kept from leaving. */
  readonly suppressed: number
  /** Manual tasks that nobody needs to do any more. */
  readonly tasksSettled: number
}

/** Closes the cases of what has been paid: nothing unsent leaves, and nobody sets out for it. */
export async function settle(database: Database, clock: Clock, actorId: string): Promise<SettleCounts> {
  const policies = await loadPolicies(database, clock)
  const total = { closed: 0, suppressed: 0, tasksSettled: 0 }
  for (;;) {
    const counts = await database.transaction(async (tx) => {
      const caseIds = await selectPaidCases(tx, casesPerTransaction)
      return closePaid(tx, policies, caseIds, actorId, clock.now())
    })
    if (counts.closed === 0) return total
    total.closed += counts.closed
    total.suppressed += counts.suppressed
    total.tasksSettled += counts.tasksSettled
  }
}

/** Closes these cases as paid and does what follows from it. */
async function closePaid(
  tx: Transaction,
  policies: Policies,
  caseIds: readonly string[],
  actorId: string,
  at: Instant,
): Promise<SettleCounts> {
  const cases = await holdCases(tx, policies, caseIds)
  const effects = [...cases.keys()].flatMap((caseId) =>
    heldCase(cases, caseId)
      .take({ kind: 'paid' })
      .map((effect) => ({ caseId, effect })),
  )
  const closed = [...cases.values()].filter((held) => held.taken().length > 0).length
  const suppressed = await suppressUnsent(tx, effects.flatMap(cancelledNotice), 'paid', at)
  const tasks = effects.flatMap(({ caseId, effect }) =>
    effect.kind === 'settle_manual_task' ? [manualTaskIdOf(caseId)] : [],
  )
  await insertPaidOutcomes(tx, tasks, actorId, at)
  await releaseCases(tx, cases.values(), at)
  return { closed, suppressed, tasksSettled: tasks.length }
}

function cancelledNotice({
  caseId,
  effect,
}: {
  readonly caseId: string
  readonly effect: CaseEffect
}): readonly string[] {
  return effect.kind === 'cancel_notice' ? [noticeIdOf(caseId, effect.step, effect.attempt)] : []
}
