import type { Clock } from '../../domain/runtime.js'
import { readEntryLines } from '../../storage/billing/journal.js'
import { lockLedger, runSegments } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { postSegment } from '../ledger/post-segment.js'
import { requireActor } from '../require-actor.js'
import { eachSegment, type StepInput } from './each-segment.js'
import { openRun } from './open-run.js'

/** Posts an issued run: its entries join the chain segment by segment, and its receivables exist for others. */
export async function postRun(
  database: Database,
  clock: Clock,
  { runId, actor, advance }: StepInput,
): Promise<{ readonly runId: string; readonly segments: number }> {
  await requireActor(database, actor)
  const run = await openRun(database, runId)
  await eachSegment(database, clock, run, {
    step: 'post',
    actor,
    advance,
    done: (segment) => segment.posted,
    // An issued segment takes no further entries, so they are read while the one before is posted.
    prepare: (segment) => readEntryLines(database, segment.segment_id),
    act: async (tx, { segment_id, natural_key }, lines) => {
      await lockLedger(tx)
      await postSegment(tx, { segmentId: segment_id, naturalKey: natural_key, lines }, actor, clock.now())
    },
  })
  return { runId, segments: (await runSegments(database, runId)).length }
}
