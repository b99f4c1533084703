import { unpackUsages } from '../../storage/billing/packed-usages.js'
import { readRunInput } from '../../storage/billing/run-inputs.js'
import type { RunSegmentRow } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import type { FrozenTariffs } from '../runs/frozen-tariffs.js'
import { createSegmentPlanner } from '../runs/plan-segments.js'

/** Accounts of a shard that are rated at one time. */
export interface ShardPart {
  readonly shard: RunSegmentRow
  /** The shard, with the bounds and the number of these accounts. */
  readonly part: RunSegmentRow
  readonly isLast: boolean
}

/** Codes under which the scenario asks for interval days and the run did not. */
export function newCurveCodes(frozen: FrozenTariffs, scenario: FrozenTariffs): readonly string[] {
  const before = new Set(inputsOf(frozen.components).curveCodes)
  return inputsOf(scenario.components).curveCodes.filter((code) => !before.has(code))
}

export function wholeShards(shards: readonly RunSegmentRow[]): readonly ShardPart[] {
  return shards.map((shard) => ({ shard, part: shard, isLast: true }))
}

/**
 * Shards were sized by what the run's own tariffs ask for. Where curves are read for the first time, a part holds as many accounts fewer as
 * a shard would that was frozen under the scenario.
 */
export async function splitShards(
  database: Database,
  shards: readonly RunSegmentRow[],
  { curveCodes, accountsPerPart }: { readonly curveCodes: readonly string[]; readonly accountsPerPart: number },
): Promise<readonly ShardPart[]> {
  const parts: ShardPart[] = []
  for (const shard of shards) {
    const usages = unpackUsages(await database.transaction((tx) => readRunInput(tx, shard.segment_id)))
    const planner = createSegmentPlanner(accountsPerPart, curveCodes)
    for (const [row, id] of usages.accountId.entries())
      planner.take(BigInt(id), usages.tariffCodes[usages.tariff[row] ?? -1] ?? '')
    const planned = planner.finish()
    for (const [index, { firstAccountId, lastAccountId, accounts: count }] of planned.entries()) {
      const part = {
        ...shard,
        first_account_id: firstAccountId,
        last_account_id: lastAccountId,
        account_count: count,
      }
      parts.push({ shard, part, isLast: index === planned.length - 1 })
    }
  }
  return parts
}
