import type { Clock } from '../../domain/runtime.js'
import { lockLedger, runSegments } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { postSegment } from '../ledger/post-segment.js'
import { requireActor } from '../require-actor.js'
import { eachSegment } from './each-segment.js'
import { openRun } from './open-run.js'

/** Posts an issued run: its entries join the chain segment by segment, and its receivables exist for others. */
export async function postRun(
  database: Database,
  clock: Clock,
  { runId, actor }: { readonly runId: string; readonly actor: string },
): Promise<{ readonly runId: string; readonly segments: number }> {
  await requireActor(database, actor)
  const run = await openRun(database, runId)
  await eachSegment(database, clock, run, {
    step: 'post',
    actor,
    done: (segment) => segment.posted,
    prepare: () => Promise.resolve(),
    act: async (tx, segment) => {
      await lockLedger(tx)
      await postSegment(tx, { segmentId: segment.segment_id, naturalKey: segment.natural_key }, actor, clock.now())
    },
  })
  return { runId, segments: (await runSegments(database, runId)).length }
}
