import { defaultReadLadder } from '../../domain/read-ladder.js'
import { present } from '../../domain/result.js'
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
  readNeighbours,
  readPendingItems,
} from '../../storage/mdm/exception-effects.js'
import { insertExceptionEvents, lockExceptions } from '../../storage/mdm/exceptions.js'
import { insertDecisions } from '../../storage/mdm/validation.js'
import { effectOf, type Effect, type EstimateResult } from './effect-of.js'
import { effectRow, eventRow, orderRow, readingRow } from './effect-rows.js'
import { estimateKey } from './estimate-key.js'
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
}

async function applyFirst(tx: Transaction, now: Instant, decisionId: string | null): Promise<AppliedReport | null> {
  await lockExceptions(tx)
  const pending = await readPendingItems(tx, decisionId)
  const first = pending[0]
  if (first === undefined) return null
  const items = pending.filter((item) => item.decisionId === first.decisionId)
  const { revision, policy } = await loadExceptionPolicy(tx, now)
  const estimates = await estimatesOf(tx, items)
  const settled = items.map((item) => ({ item, effect: effectOf(item, estimates(item)) }))
  await write(tx, settled, { now, policy, policyRevision: revision })
  const count = (does: Effect['does']) => settled.filter(({ effect }) => effect.does === does).length
  const [superseded, notEstimable] = [count('supersede'), count('not_estimable')]
  return { applied: settled.length - superseded - notEstimable, superseded, notEstimable }
}

async function estimatesOf(
  tx: Transaction,
  items: readonly PendingItem[],
): Promise<(item: PendingItem) => EstimateResult> {
  const wanted = items.filter(({ action }) => action === 'estimate')
  const neighbours = await readNeighbours(
    tx,
    wanted.map(({ exceptionKey }) => exceptionKey),
  )
  const byKey = new Map(neighbours.map((one) => [one.exceptionKey, one]))
  return (item) => {
    const beside = byKey.get(item.exceptionKey)
    if (beside === undefined || item.readAt === null) return { registers: null, kind: 'no_earlier_value' }
    const result = estimateKey({ readAt: item.readAt, timeZone: item.timeZone }, beside)
    return result.ok ? { registers: result.value } : { registers: null, kind: result.error.kind }
  }
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
