import { UserError } from '../../domain/errors.js'
import { readUsages } from '../../storage/billing/segment-usages.js'
import type { RunSegmentRow } from '../../storage/billing/segments.js'
import type { Transaction } from '../../storage/database.js'
import { compileEntry } from '../engine/entry-program.js'
import type { RatedShard } from '../engine/rate-shard.js'
import type { RatingWorker } from '../engine/rating-worker.js'
import type { FrozenTariff } from './frozen-tariffs.js'
import type { OpenRun } from './open-run.js'

/** Streams a shard's usages out, rates them in the worker, and refuses the result when they are not what was frozen. */
export async function rateSegment(
  tx: Transaction,
  worker: RatingWorker,
  run: OpenRun,
  tariffs: readonly FrozenTariff[],
  segment: RunSegmentRow,
): Promise<RatedShard> {
  const usages = await readUsages(tx, run.setId, { first: segment.first_account_id, last: segment.last_account_id })
  const rated = await worker.rate({ usages, timeZone: run.timeZone, tariffs: tariffs.map(toShardTariff) })
  const frozen = run.manifest.segments[segment.segment_no - 1]
  if (rated.accounts !== segment.account_count || rated.inputSha256 !== frozen?.inputSha256)
    throw new UserError('refused', `inputs of ${segment.natural_key} are no longer what the run froze`)
  return rated
}

function toShardTariff({ tariff, program }: FrozenTariff) {
  return { code: tariff.code, version: tariff.version, program, entry: compileEntry(tariff) }
}
