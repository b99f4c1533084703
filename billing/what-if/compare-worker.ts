import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { rateShard, type RatedShard, type Shard, type ShardTariff } from '../engine/rate-shard.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { compareShard, type ShardChanges } from './compare-shard.js'

/** What the thread is asked for: a shard as it was frozen, and under other tariffs. */
export interface CompareRequest {
  readonly shard: Shard
  readonly scenario: {
    readonly tariffs: readonly ShardTariff[]
    readonly components: readonly ComponentTariff[]
    /** What accounts that are rated one by one are rated by there; null where it is the same. */
    readonly inputs: Uint8Array<ArrayBuffer> | null
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
  const frozen = rateShard(shard, rateAccounts)
  const own = accounts === null ? null : { inputs: inputs ?? accounts.inputs, tariffs: components }
  const other = { ...shard, tariffs, accounts: own }
  const changes = compareShard(frozen, rateShard(other, rateAccounts))
  port.postMessage({ rated: frozen.rated, changes } satisfies CompareAnswer)
}
