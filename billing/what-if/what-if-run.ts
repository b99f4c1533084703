import { UserError } from '../../domain/errors.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { type RunSegmentRow, runSegments } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import { readAccountInputs } from '../runs/account-inputs.js'
import { ahead } from '../runs/ahead.js'
import type { FrozenTariffs } from '../runs/frozen-tariffs.js'
import { daysOf, type OpenRun, openRun, tariffsOf } from '../runs/open-run.js'
import { maxSegmentAccounts } from '../runs/plan-segments.js'
import { requireFrozen, shardOf, toShardTariff } from '../runs/rate-segment.js'
import { type CompareThread, createCompareThread } from './compare-thread.js'
import type { CompareAnswer } from './compare-worker.js'
import { replaceTariffs, type ScenarioTariff } from './scenario-tariffs.js'
import { newCurveCodes, type ShardPart, splitShards, wholeShards } from './split-shards.js'
import { type AccountChange, createWhatIfSum, type WhatIf } from './what-if.js'

export interface WhatIfAsked {
  readonly runId: string
  /** Tariffs in place of those with their codes. */
  readonly scenario: readonly ScenarioTariff[]
  /** As many accounts as the freeze put into a shard, at most 20 000. */
  readonly segmentAccounts?: number
  /** Told after each shard: once for the self-test, once for the scenario. */
  readonly advance?: (shards: number) => void
  /** Takes the changes of accounts that were rated together, in order of accounts; the walk waits for it. */
  readonly take?: (changes: readonly AccountChange[]) => Promise<void>
}

/**
 * What a frozen run would come to under other tariff versions, account by account, with the engine that bills. Nothing is written.
 *
 * First the self-test: every shard is rated twice under the very versions that the run froze. Where one account differs by anything, or the
 * shard is not what its dry run recorded, the answer is `self_test_failed` and no scenario is computed. Memory holds three shards; a
 * scenario that asks for curves where the run did not is rated in smaller parts.
 */
export async function whatIfRun(database: Database, clock: Clock, asked: WhatIfAsked): Promise<WhatIf> {
  return holding(clock, async () => {
    const run = await openRun(database, asked.runId)
    const frozen = await tariffsOf(database, run)
    const scenario = replaceTariffs(frozen, asked.scenario, daysOf(run))
    const shards = wholeShards(await runSegments(database, asked.runId))
    const thread = createCompareThread(clock)
    try {
      for await (const [{ shard }, answer] of answers(database, thread, { run, frozen, scenario: frozen, shards })) {
        requireNoDifference(shard, answer)
        asked.advance?.(1)
      }
      const sum = createWhatIfSum()
      const rating = {
        run,
        frozen,
        scenario,
        shards: await partsOf(database, asked, { run, frozen, scenario, shards }),
      }
      for await (const [{ isLast }, { rated, changes }] of answers(database, thread, rating)) {
        const touched = sum.add(rated.accounts, changes)
        await asked.take?.(touched)
        if (isLast) asked.advance?.(1)
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
  readonly shards: readonly ShardPart[]
}

async function partsOf(
  database: Database,
  { segmentAccounts = maxSegmentAccounts }: WhatIfAsked,
  { frozen, scenario, shards }: Rating,
): Promise<readonly ShardPart[]> {
  const curveCodes = newCurveCodes(frozen, scenario)
  if (curveCodes.length === 0) return shards
  const whole = shards.map(({ shard }) => shard)
  return splitShards(database, whole, { curveCodes, accountsPerPart: segmentAccounts })
}

/** Each part on both sides; the next ones are read while the one before is rated. */
async function* answers(
  database: Database,
  thread: CompareThread,
  { run, frozen, scenario, shards }: Rating,
): AsyncGenerator<readonly [ShardPart, CompareAnswer], void, undefined> {
  const tariffs = { tariffs: scenario.compiled.map(toShardTariff), components: scenario.components }
  for await (const [one, [shard, inputs]] of ahead(shards, readBoth(database, { run, frozen, scenario }))) {
    const answer = await thread.compare({ shard, scenario: { ...tariffs, inputs } })
    // A part has no digest in the manifest; the shard it is of was held against it by the self-test.
    if (one.part === one.shard) requireFrozen(run, one.shard, answer.rated)
    yield [one, answer]
  }
}

/** A part as it was frozen, and what its accounts are rated by in the scenario; null where that asks for no more. */
function readBoth(database: Database, { run, frozen, scenario }: Omit<Rating, 'shards'>) {
  const asksForMore = newCurveCodes(frozen, scenario).length > 0
  const { runId, setId } = run
  return ({ part }: ShardPart) =>
    database.transaction(
      async (tx) => {
        const shard = await shardOf(tx, { run, tariffs: frozen }, part)
        const accounts = { first: part.first_account_id, last: part.last_account_id }
        const query = { runId, setId, accounts, ...inputsOf(scenario.components) }
        return [shard, asksForMore ? await readAccountInputs(tx, query, part.account_count) : null] as const
      },
      { isolation: 'repeatable read' },
    )
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
