import { type Clock, holding } from '../../domain/runtime.js'
import { segmentResults } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { createRatingWorkers } from '../engine/rating-worker.js'
import { requireActor } from '../require-actor.js'
import { mostAhead } from './ahead.js'
import { eachSegment, type StepInput } from './each-segment.js'
import { openRun, tariffsOf } from './open-run.js'
import { rateSegment } from './rate-segment.js'
import { runDigest } from './run-digest.js'
import { isDryRun, storeDryRun } from './store-dry-run.js'

export interface DryRunResult {
  readonly runId: string
  readonly bills: number
  readonly exceptions: number
  readonly energyE4: bigint
  readonly amountFen: bigint
  /** What a review accepts and an issue must reproduce, 64 hexadecimal digits. */
  readonly digest: string
}

/** Rates every segment and writes nothing but digests, totals and exceptions. Repeating it gives the same answer. */
export async function dryRun(
  database: Database,
  clock: Clock,
  { runId, actor, advance }: StepInput,
): Promise<DryRunResult> {
  return holding(clock, async () => {
    await requireActor(database, actor)
    const run = await openRun(database, runId)
    const tariffs = await tariffsOf(database, run)
    const worker = createRatingWorkers(clock, mostAhead)
    try {
      await eachSegment(database, clock, run, {
        step: 'dry_run',
        actor,
        advance,
        done: isDryRun,
        prepare: (segment) => rateSegment(database, { worker, run, tariffs }, segment),
        act: (tx, segment, rated) => storeDryRun(tx, clock, { runId, segment, rated }),
      })
    } finally {
      await worker.close()
    }
    return summarise(database, runId)
  })
}

async function summarise(database: Database, runId: string): Promise<DryRunResult> {
  const results = await segmentResults(database, runId)
  return {
    runId,
    bills: results.reduce((sum, result) => sum + result.bills, 0),
    exceptions: results.reduce((sum, result) => sum + result.exceptions, 0),
    energyE4: results.reduce((sum, result) => sum + result.energyE4, 0n),
    amountFen: results.reduce((sum, result) => sum + result.amountFen, 0n),
    digest: runDigest(results.map((result) => result.digest)),
  }
}
