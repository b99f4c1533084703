import type { Clock } from '../../domain/runtime.js'
import { present } from '../../domain/result.js'
import { advanceRun, lockRun } from '../../storage/billing/runs.js'
import { type RunSegmentRow, runSegments } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { ahead } from './ahead.js'
import { type OpenRun, isDone } from './open-run.js'
import { type RunStep, transition } from './run-state.js'

interface SegmentStep<Prepared> {
  readonly step: RunStep
  readonly actor: string
  readonly done: (segment: RunSegmentRow) => boolean
  /** What needs no lock and changes nothing; it runs while a segment before is written. */
  readonly prepare: (segment: RunSegmentRow) => Promise<Prepared>
  readonly act: (tx: Transaction, segment: RunSegmentRow, prepared: Prepared) => Promise<void>
}

/**
 * Takes a step on every segment that has not taken it, one transaction each under the run's lock, then moves the run. Killed
 * anywhere and started again, it goes on where it stopped.
 */
export async function eachSegment<Prepared>(
  database: Database,
  clock: Clock,
  run: OpenRun,
  work: SegmentStep<Prepared>,
): Promise<void> {
  if (isDone(run, work.step)) return
  const waiting = (await runSegments(database, run.runId)).filter((segment) => !work.done(segment))
  for await (const [{ segment_id, natural_key }, prepared] of ahead(waiting, work.prepare)) {
    await database.transaction(async (tx) => {
      await lockRun(tx, run.runId)
      const rows = await runSegments(tx, run.runId)
      const segment = present(
        rows.find((row) => row.segment_id === segment_id),
        natural_key,
      )
      if (!work.done(segment)) await work.act(tx, segment, prepared)
    })
  }
  await database.transaction(async (tx) => {
    const state = present(await lockRun(tx, run.runId), run.runId)
    const next = transition(state, work.step)
    if (next.ok && !next.value.done) await advanceRun(tx, run.runId, next.value.to, work.actor, clock.now())
  })
}
