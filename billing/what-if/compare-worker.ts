import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { rateShard, type RatedShard, type Shard } from '../engine/rate-shard.js'
import { compareShard, type ShardChanges } from './compare-shard.js'

/** What the thread is asked for: a shard as it was frozen, and under other tariffs. */
export interface CompareRequest {
  readonly shard: Shard
  readonly scenario: Pick<Shard, 'tariffs'>
}

export interface CompareAnswer {
  readonly rated: RatedShard
  readonly changes: ShardChanges
}

const port = present(parentPort, 'the port of a worker thread')

port.on('message', ({ shard, scenario }: CompareRequest) => {
  const frozen = rateShard(shard)
  const changes = compareShard(frozen, rateShard({ ...shard, ...scenario }))
  port.postMessage({ rated: frozen.rated, changes } satisfies CompareAnswer)
})
