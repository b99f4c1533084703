import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { type RateAccounts, type RatedShard, rateShard, type Shard, type ShardTariff } from '../engine/rate-shard.js'
import type { AccountInputs } from '../engine/account-shard.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { type ComparedShard, compareShard, type ShardChanges } from './compare-shard.js'

/** What the thread is asked for: a shard as it was frozen, and under other tariffs. */
export interface CompareRequest {
  readonly shard: Shard
  readonly scenario: {
    readonly tariffs: readonly ShardTariff[]
    readonly components: readonly ComponentTariff[]
    /** What accounts that are rated one by one are rated by there; null where it is the same. */
    readonly inputs: AccountInputs | null
  }
}

export interface CompareAnswer {
  readonly rated: RatedShard
  readonly changes: ShardChanges
}

const port = present(parentPort, 'the port of a worker thread')

port.on('message', (request: CompareRequest) => {
  // A failure ends the thread, and with it the wait for its answer.
  void answer(request)
})

async function answer({ shard, scenario: { tariffs, components, inputs } }: CompareRequest): Promise<void> {
  const { accounts } = shard
  const rateAccounts = accounts === null ? null : (await import('../engine/account-bills.js')).withAccountBills
  const frozen = rateKeeping(shard, rateAccounts)
  const own = accounts === null ? null : { ...(inputs ?? accounts), tariffs: components }
  const changes = compareShard(frozen, rateKeeping({ ...shard, tariffs, accounts: own }, rateAccounts))
  port.postMessage({ rated: frozen.rated, changes } satisfies CompareAnswer)
}

function rateKeeping(shard: Shard, rateAccounts: RateAccounts | null): ComparedShard {
  const lines = new Map<number, string>()
  return { ...rateShard(shard, rateAccounts, (row, bill) => lines.set(row, bill.lines)), lines }
}
