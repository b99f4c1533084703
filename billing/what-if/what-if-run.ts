import { UserError } from '../../domain/errors.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { type RunSegmentRow, runSegments } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import type { FrozenTariffs } from '../runs/frozen-tariffs.js'
import { ahead } from '../runs/ahead.js'
import { daysOf, type OpenRun, openRun, tariffsOf } from '../runs/open-run.js'
import { requireFrozen, shardOf, toShardTariff } from '../runs/rate-segment.js'
import { type CompareThread, createCompareThread } from './compare-thread.js'
import type { CompareAnswer } from './compare-worker.js'
import { replaceTariffs, type ScenarioTariff } from './scenario-tariffs.js'
import { type AccountChange, createWhatIfSum, type WhatIf } from './what-if.js'

export interface WhatIfAsked {
  readonly runId: string
  /** Tariffs in place of those with their codes. */
  readonly scenario: readonly ScenarioTariff[]
  /** Told after each shard: once for the self-test, once for the scenario. */
  readonly advance?: (shards: number) => void
  /** Takes the changes of each shard, in order of accounts; the walk waits for it. */
  readonly take?: (changes: readonly AccountChange[]) => Promise<void>
}

/**
 * What a frozen run would come to under other tariff versions, account by account, with the engine that bills. Nothing is written.
 *
 * First the self-test: every shard is rated twice under the very versions that the run froze. Where one account differs by anything, or the
 * shard is not what its dry run recorded, the answer is `self_test_failed` and no scenario is computed. Memory holds two shards.
 */
export async function whatIfRun(database: Database, clock: Clock, asked: WhatIfAsked): Promise<WhatIf> {
  return holding(clock, async () => {
    const run = await openRun(database, asked.runId)
    const frozen = await tariffsOf(database, run)
    const scenario = replaceTariffs(frozen, asked.scenario, daysOf(run))
    const segments = await runSegments(database, asked.runId)
    const thread = createCompareThread(clock)
    try {
      for await (const [segment, answer] of answers(database, thread, { run, frozen, scenario: frozen, segments })) {
        requireNoDifference(segment, answer)
        asked.advance?.(1)
      }
      const sum = createWhatIfSum()
      for await (const [, { rated, changes }] of answers(database, thread, { run, frozen, scenario, segments })) {
        const touched = sum.add(rated.accounts, changes)
        await asked.take?.(touched)
        asked.advance?.(1)
      }
      return sum.result()
    } finally {
      await thread.close()
    }
  })
}

interface Rating {
  readonly run: OpenRun
  readonly frozen: FrozenTariffs
  readonly scenario: FrozenTariffs
  readonly segments: readonly RunSegmentRow[]
}

/** Each shard on both sides; the next one is read while the one before is rated. */
async function* answers(
  database: Database,
  thread: CompareThread,
  { run, frozen, scenario, segments }: Rating,
): AsyncGenerator<readonly [RunSegmentRow, CompareAnswer], void, undefined> {
  const read = (segment: RunSegmentRow) => shardOf(database, { run, tariffs: frozen }, segment)
  const tariffs = { tariffs: scenario.compiled.map(toShardTariff), components: scenario.components }
  for await (const [segment, shard] of ahead(segments, read)) {
    const answer = await thread.compare({ shard, scenario: tariffs })
    requireFrozen(run, segment, answer.rated)
    yield [segment, answer]
  }
}

function requireNoDifference({ natural_key, result_digest }: RunSegmentRow, { rated, changes }: CompareAnswer): void {
  const differing = changes.touched.exactE12.length
  const isRecorded = result_digest === null || result_digest.equals(rated.totals.digest)
  if (differing === 0 && isRecorded) return
  const what = isRecorded ? `${differing} accounts differ` : 'not what its dry run recorded'
  throw new UserError('refused', `${natural_key} 按原版本重算不一致 under its own versions: ${what}`, {
    reason: 'self_test_failed',
  })
}
