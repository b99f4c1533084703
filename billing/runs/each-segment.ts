import type { Clock } from '../../domain/runtime.js'
import { present } from '../../domain/result.js'
import { advanceRun, lockRun } from '../../storage/billing/runs.js'
import { lockSegment, type RunSegmentRow, runSegment, runSegments } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { ahead } from './ahead.js'
import { type OpenRun, isDone } from './open-run.js'
import { type RunStep, transition } from './run-state.js'

/** For whoever watches: another segment of the run is done. */
export type Advance = () => void

/** A step of a run, and who takes it. */
export interface StepInput {
  readonly runId: string
  readonly actor: string
  readonly advance?: Advance
}

interface SegmentStep<Prepared> {
  readonly step: RunStep
  readonly actor: string
  readonly done: (segment: RunSegmentRow) => boolean
  /** Called once a segment has taken the step. */
  readonly advance?: Advance | undefined
  /** What needs no lock and changes nothing; it runs while a segment before is written. */
  readonly prepare: (segment: RunSegmentRow) => Promise<Prepared>
  /** What is written before the segment's turn comes, at the same time as the segment before. */
  readonly write?: (tx: Transaction, segment: RunSegmentRow, prepared: Prepared) => Promise<void>
  /** What is done in the order of the segments, under the run's lock. */
  readonly act: (tx: Transaction, segment: RunSegmentRow, prepared: Prepared) => Promise<void>
}

/**
 * Takes a step on every segment that has not taken it, one transaction each, the last part of it under the run's lock, then moves the run.
 * Killed anywhere and started again, it goes on where it stopped.
 */
export async function eachSegment<Prepared>(
  database: Database,
  clock: Clock,
  run: OpenRun,
  work: SegmentStep<Prepared>,
): Promise<void> {
  if (isDone(run, work.step)) return
  const waiting = (await runSegments(database, run.runId)).filter((segment) => !work.done(segment))
  let last = Promise.resolve()
  try {
    for await (const [segment, prepared] of ahead(waiting, work.prepare)) {
      const before = last
      last = database
        .transaction((tx) => takeStep(tx, run, work, { segment, prepared, before }))
        .then(() => work.advance?.())
      // Whoever comes next sees the failure.
      last.catch(() => undefined)
      await (work.write === undefined ? last : before)
    }
  } finally {
    await last
  }
  await database.transaction(async (tx) => {
    const state = present(await lockRun(tx, run.runId), run.runId)
    const next = transition(state, work.step)
    if (next.ok && !next.value.done) await advanceRun(tx, run.runId, next.value.to, work.actor, clock.now())
  })
}

interface Turn<Prepared> {
  readonly segment: RunSegmentRow
  readonly prepared: Prepared
  /** The segment before is committed. */
  readonly before: Promise<void>
}

async function takeStep<Prepared>(
  tx: Transaction,
  { runId }: OpenRun,
  { done, write, act }: SegmentStep<Prepared>,
  { segment: { segment_id }, prepared, before }: Turn<Prepared>,
): Promise<void> {
  if (write !== undefined) {
    await lockSegment(tx, segment_id)
    const segment = await runSegment(tx, segment_id)
    if (!done(segment)) await write(tx, segment, prepared)
  }
  await before
  await lockRun(tx, runId)
  const segment = await runSegment(tx, segment_id)
  if (!done(segment)) await act(tx, segment, prepared)
}
