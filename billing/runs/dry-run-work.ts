import { z } from 'zod'
import type { Clock } from '../../domain/runtime.js'
import { present } from '../../domain/result.js'
import { runSegments } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import type { WorkHandlers } from '../../storage/work/perform.js'
import { scheduleWork, type WorkKey } from '../../storage/work/work-items.js'
import type { RatingWorker } from '../engine/rating-worker.js'
import { openRun, tariffsOf } from './open-run.js'
import { rateSegment } from './rate-segment.js'
import { isDryRun, storeDryRun } from './store-dry-run.js'

const kind = 'billing.dry_run_segment'
const payloadSchema = z.strictObject({ runId: z.string(), segmentNo: z.int() })

/**
 * Makes each segment of a frozen run a piece of work, for workers on any machine; `dryRun` afterwards finds the results and ends the step.
 * @returns the keys to ring for, of segments scheduled before as well.
 */
export async function scheduleDryRun(database: Database, clock: Clock, runId: string): Promise<readonly WorkKey[]> {
  const segments = await runSegments(database, runId)
  const now = clock.now()
  const items = segments.map(({ natural_key, segment_no }) => ({
    kind,
    naturalKey: natural_key,
    dueAt: now,
    payload: { runId, segmentNo: segment_no } satisfies z.infer<typeof payloadSchema>,
  }))
  await scheduleWork(database, items, now)
  return items.map(({ naturalKey }) => ({ kind, naturalKey }))
}

/** What a worker does when it is rung for a segment. A segment that has its result already is left as it is. */
export function dryRunHandlers(clock: Clock, worker: RatingWorker): WorkHandlers {
  return {
    [kind]: async ({ payload }, tx) => {
      const { runId, segmentNo } = payloadSchema.parse(payload)
      const run = await openRun(tx, runId)
      const segments = await runSegments(tx, runId)
      const segment = present(
        segments.find((row) => row.segment_no === segmentNo),
        `segment ${segmentNo} of ${runId}`,
      )
      if (isDryRun(segment)) return
      const rated = await rateSegment(tx, { worker, run, tariffs: await tariffsOf(tx, run) }, segment)
      await storeDryRun(tx, clock, { runId, segment, rated })
    },
  }
}
