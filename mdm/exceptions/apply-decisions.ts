import { defaultReadLadder } from '../../domain/read-ladder.js'
import { err, present } from '../../domain/result.js'
import { hourMs, type Instant } from '../../domain/time.js'
import { type ExceptionPolicy, kindPolicy } from '../../domain/exception-policy.js'
import type { Database, Transaction } from '../../storage/database.js'
import {
  cancelVisits,
  type FormerDecision,
  insertEffects,
  insertOrderedVisits,
  type PendingItem,
  readFormerDecisions,
  readPendingItems,
} from '../../storage/mdm/exception-effects.js'
import { insertExceptionEvents, lockExceptions } from '../../storage/mdm/exceptions.js'
import { insertEstimates } from '../../storage/mdm/estimation.js'
import { insertDecisions } from '../../storage/mdm/validation.js'
import { lockWhatBillsRestOn } from '../../storage/what-bills-rest-on.js'
import { effectOf, type Effect } from './effect-of.js'
import { effectRow, eventRow, orderRow, readingRow } from './effect-rows.js'
import { estimateKeys, type EstimateResult } from './estimate-keys.js'
import { loadExceptionPolicy } from './load-policy.js'

export interface AppliedReport {
  readonly applied: number
  /** What was decided was no longer so when the approval came. */
  readonly superseded: number
  readonly notEstimable: number
}

/**
 * Lets approved decisions take effect, each once, in the order in which they were made; `decisionId` null: all that wait. A process that
 * dies before, within or after it leaves nothing half done: the next run does what is left.
 */
export async function applyDecisions(
  database: Database,
  { now, decisionId = null }: { readonly now: Instant; readonly decisionId?: string | null },
): Promise<AppliedReport> {
  const report = { applied: 0, superseded: 0, notEstimable: 0 }
  // A counter decision sees what the one before it did, so decisions go one by one, all their exceptions at once.
  for (;;) {
    const outcome = await database.transaction((tx) => applyFirst(tx, now, decisionId))
    if (outcome === null) return report
    report.applied += outcome.applied
    report.superseded += outcome.superseded
    report.notEstimable += outcome.notEstimable
  }
}

interface Settled {
  readonly item: PendingItem
  readonly effect: Effect
  readonly estimate: EstimateResult
}

async function applyFirst(tx: Transaction, now: Instant, decisionId: string | null): Promise<AppliedReport | null> {
  await lockExceptions(tx)
  const pending = await readPendingItems(tx, decisionId)
  const first = pending[0]
  if (first === undefined) return null
  const items = pending.filter((item) => item.decisionId === first.decisionId)
  const { revision, policy } = await loadExceptionPolicy(tx, now)
  const estimates = await estimatesOf(tx, items, now)
  const settled = items.map((item) => {
    const estimate = estimates(item)
    return { item, estimate, effect: effectOf(item, estimate) }
  })
  await lockWhatBillsRestOn(tx, 'change')
  await write(tx, settled, { now, policy, policyRevision: revision })
  const count = (does: Effect['does']) => settled.filter(({ effect }) => effect.does === does).length
  const [superseded, notEstimable] = [count('supersede'), count('not_estimable')]
  return { applied: settled.length - superseded - notEstimable, superseded, notEstimable }
}

async function estimatesOf(
  tx: Transaction,
  items: readonly PendingItem[],
  now: Instant,
): Promise<(item: PendingItem) => EstimateResult> {
  const wanted = items.filter(({ action }) => action === 'estimate').map(({ exceptionKey }) => exceptionKey)
  const results = await estimateKeys(tx, wanted, now)
  const byKey = new Map(wanted.map((key, place) => [key, results[place]]))
  return ({ exceptionKey }) => byKey.get(exceptionKey) ?? err({ kind: 'other_quantity' })
}

interface Stamp {
  readonly now: Instant
  readonly policy: ExceptionPolicy
  readonly policyRevision: number
}

/** Orders of visits come before effects, which name them; readings after effects, without which the database refuses them. */
async function write(tx: Transaction, settled: readonly Settled[], stamp: Stamp): Promise<void> {
  const { now } = stamp
  const dueAt = now + defaultReadLadder.fieldOrderMs
  await insertOrderedVisits(
    tx,
    settled.flatMap(({ item, effect }) =>
      effect.does === 'visit' && effect.isNew ? [orderRow(item, effect.fieldOrderId, dueAt, now)] : [],
    ),
  )
  await insertEffects(
    tx,
    settled.map(({ item, effect }) => effectRow(item, effect, now)),
  )
  const former = await formerOf(tx, settled)
  await insertDecisions(
    tx,
    settled.flatMap(({ item, effect }) => readingRow(item, effect, former.get(item.exceptionKey) ?? null, now)),
  )
  await insertEstimates(
    tx,
    settled.flatMap(({ effect, estimate }) =>
      effect.does === 'decide' && effect.verdict === 'estimated' && estimate.ok ? [estimate.value.row] : [],
    ),
  )
  await insertExceptionEvents(
    tx,
    settled.flatMap(({ item, effect }) => {
      const deadline = now + kindPolicy(stamp.policy, item.kind).deadlineHours * hourMs
      return eventRow(item, effect, { now, deadline, policyRevision: stamp.policyRevision })
    }),
  )
  await cancelUndone(tx, settled, now)
}

async function formerOf(tx: Transaction, settled: readonly Settled[]): Promise<ReadonlyMap<string, FormerDecision>> {
  const wanted = settled.flatMap(({ item, effect }) =>
    effect.does === 'restore' && effect.formerRevision !== null
      ? [{ exceptionKey: item.exceptionKey, revision: effect.formerRevision }]
      : [],
  )
  return new Map((await readFormerDecisions(tx, wanted)).map((one) => [one.exceptionKey, one]))
}

async function cancelUndone(tx: Transaction, settled: readonly Settled[], now: Instant): Promise<void> {
  const fieldOrderIds = settled.flatMap(({ effect }) => (effect.does === 'cancel_visit' ? [effect.fieldOrderId] : []))
  if (fieldOrderIds.length === 0) return
  const { actor, decisionId } = present(settled[0], 'an item').item
  await cancelVisits(tx, { fieldOrderIds, evidence: `decision ${decisionId}`, actor, recordedAt: now })
}
