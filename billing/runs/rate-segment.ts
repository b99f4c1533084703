import { UserError } from '../../domain/errors.js'
import { packedWithin } from '../../storage/billing/packed-usages.js'
import { readRunInput } from '../../storage/billing/run-inputs.js'
import type { RunSegmentRow } from '../../storage/billing/segments.js'
import { atomically, type Database, type Transaction } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import { compileEntry } from '../engine/entry-program.js'
import type { RatedShard, Shard, ShardTariff } from '../engine/rate-shard.js'
import type { EncodedShard, RatingWorker } from '../engine/rating-worker.js'
import { readAccountInputs } from './account-inputs.js'
import type { FrozenTariff, FrozenTariffs } from './frozen-tariffs.js'
import { refuseToRate } from './manifest.js'
import type { OpenRun } from './open-run.js'

/** What rating a segment needs. */
export interface SegmentRating {
  readonly worker: RatingWorker
  readonly run: OpenRun
  readonly tariffs: FrozenTariffs
}

/**
 * Reads a shard's usages and rates them in the worker; refuses the result when they are not what was frozen. Given the database, it
 * keeps no connection while it rates.
 */
export async function rateSegment(
  client: Database | Transaction,
  rating: SegmentRating,
  segment: RunSegmentRow,
): Promise<RatedShard> {
  const rated = await rating.worker.rate(await shardOf(client, rating, segment))
  requireFrozen(rating.run, segment, rated)
  return rated
}

/** The same, with the rows to store. */
export async function rateSegmentRows(
  client: Database | Transaction,
  rating: SegmentRating,
  segment: RunSegmentRow,
): Promise<EncodedShard> {
  const { accountingDate, dueDate } = rating.run.manifest
  const terms = { segmentId: segment.segment_id, accountingDate, dueDate }
  const encoded = await rating.worker.rateAndEncode(await shardOf(client, rating, segment), terms)
  requireFrozen(rating.run, segment, encoded[0])
  return encoded
}

/** A shard's inputs as its run froze them, or those of a part of its accounts, with the tariffs that they are rated under. */
export async function shardOf(
  client: Database | Transaction,
  { run, tariffs }: Omit<SegmentRating, 'worker'>,
  segment: RunSegmentRow,
): Promise<Shard> {
  const { compiled, components } = tariffs
  const { runId, setId } = run
  refuseToRate(runId, run.manifest)
  const accounts = { runId, setId, accounts: { first: segment.first_account_id, last: segment.last_account_id } }
  return atomically(client, async (tx) => ({
    usages: packedWithin(await readRunInput(tx, segment.segment_id), accounts.accounts),
    timeZone: run.timeZone,
    tariffs: compiled.map(toShardTariff),
    accounts:
      components.length === 0
        ? null
        : {
            ...(await readAccountInputs(tx, { ...accounts, ...inputsOf(components) }, segment.account_count)),
            tariffs: components,
          },
  }))
}

/** @throws UserError refused when a shard's inputs are not what the run froze. */
export function requireFrozen({ manifest }: OpenRun, segment: RunSegmentRow, rated: RatedShard): void {
  const frozen = manifest.segments[segment.segment_no - 1]
  if (
    rated.accounts !== segment.account_count ||
    rated.inputSha256 !== frozen?.inputSha256 ||
    rated.accountsSha256 !== (frozen.accountsSha256 ?? null)
  )
    throw new UserError(
      'refused',
      `输入已不是批次冻结时的内容 inputs of ${segment.natural_key} are no longer what the run froze`,
    )
}

export function toShardTariff({ tariff, program }: FrozenTariff): ShardTariff {
  return { code: tariff.code, version: tariff.version, program, entry: compileEntry(tariff) }
}
