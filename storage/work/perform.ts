import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../database.js'
import {
  type ClaimedWorkItem,
  claimNextWork,
  completeWork,
  failWork,
  type RetryPolicy,
  type WorkOutcome,
} from './work-items.js'

/** Does one piece of work inside the transaction that will mark it done; throws to have it tried again. */
export type WorkHandler = (item: ClaimedWorkItem, tx: Transaction) => Promise<void>
export type WorkHandlers = Readonly<Record<string, WorkHandler>>

/** A worker that says nothing for this long is taken for dead. */
export const leaseMs = 60_000
export const retryPolicy: RetryPolicy = { attempts: 8, firstDelayMs: 60_000, longestDelayMs: 3_600_000 }

/** Runs a claimed item to its end: effects and completion commit together, and only while the claim is still ours. */
export async function performWork(
  database: Database,
  clock: Clock,
  item: ClaimedWorkItem,
  handler: WorkHandler,
): Promise<WorkOutcome> {
  try {
    return await database.transaction(async (tx) => {
      await handler(item, tx)
      const outcome = await completeWork(tx, item, clock.now())
      if (outcome === 'lost') throw new LeaseLost()
      return outcome
    })
  } catch (error) {
    if (error instanceof LeaseLost) return 'lost'
    return failWork(database, item, clock.now(), reasonOf(error), retryPolicy)
  }
}

export interface DrainReport {
  readonly done: number
  /** Items that failed and wait for a later attempt, or failed for good. */
  readonly failed: number
}

/** Does all work due at `now`, one item after the other by due time and key: what demo and simulation use in place of workers. */
export async function drain(
  database: Database,
  clock: Clock,
  now: Instant,
  handlers: WorkHandlers,
): Promise<DrainReport> {
  const kinds = Object.keys(handlers)
  const report = { done: 0, failed: 0 }
  for (;;) {
    const item = await claimNextWork(database, kinds, now, leaseMs)
    const handler = item === null ? undefined : handlers[item.kind]
    if (item === null || handler === undefined) return report
    const outcome = await performWork(database, clock, item, handler)
    if (outcome === 'done') report.done++
    else report.failed++
  }
}

/** Rolls the transaction back: another worker has the item. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
