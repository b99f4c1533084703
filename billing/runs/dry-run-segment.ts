import type { Clock } from '../../domain/runtime.js'
import { insertRunException } from '../../storage/billing/runs.js'
import { insertSegmentResult, type RunSegmentRow } from '../../storage/billing/segments.js'
import type { Transaction } from '../../storage/database.js'
import type { RatingWorker } from '../engine/rating-worker.js'
import type { FrozenTariff } from './frozen-tariffs.js'
import type { OpenRun } from './open-run.js'
import { rateSegment } from './rate-segment.js'

export interface DryRunning {
  readonly clock: Clock
  readonly worker: RatingWorker
  readonly run: OpenRun
  readonly tariffs: readonly FrozenTariff[]
}

/** Rates one segment and leaves its digest, totals and exceptions. */
export async function dryRunSegment(tx: Transaction, dryRunning: DryRunning, segment: RunSegmentRow): Promise<void> {
  const { clock, worker, run, tariffs } = dryRunning
  const rated = await rateSegment(tx, worker, run, tariffs, segment)
  for (const exception of rated.held) await insertRunException(tx, run.runId, exception, clock.now())
  await insertSegmentResult(tx, segment.segment_id, rated.totals, clock.now())
}

export function isDryRun({ result_digest }: RunSegmentRow): boolean {
  return result_digest !== null
}
