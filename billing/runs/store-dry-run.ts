import type { Clock } from '../../domain/runtime.js'
import { insertRunException } from '../../storage/billing/runs.js'
import { insertSegmentResult, type RunSegmentRow } from '../../storage/billing/segments.js'
import type { Transaction } from '../../storage/database.js'
import type { RatedShard } from '../engine/rate-shard.js'

/** Leaves a rated segment's digest, totals and exceptions. */
export async function storeDryRun(
  tx: Transaction,
  clock: Clock,
  { runId, segment, rated }: { readonly runId: string; readonly segment: RunSegmentRow; readonly rated: RatedShard },
): Promise<void> {
  for (const exception of rated.held) await insertRunException(tx, runId, exception, clock.now())
  await insertSegmentResult(tx, segment.segment_id, rated.totals, clock.now())
}

export function isDryRun({ result_digest }: RunSegmentRow): boolean {
  return result_digest !== null
}
