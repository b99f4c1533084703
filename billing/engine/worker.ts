import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { encodeShard, type RowTerms, type ShardRows } from './encode-shard.js'
import { type RatedShard, rateShard, type Shard } from './rate-shard.js'

/** What the thread is asked for; without terms nothing is encoded. */
export interface ShardRequest {
  readonly shard: Shard
  readonly terms: RowTerms | null
}

export interface ShardAnswer {
  readonly rated: RatedShard
  readonly rows: ShardRows | null
}

const port = present(parentPort, 'the port of a worker thread')

port.on('message', ({ shard, terms }: ShardRequest) => {
  const found = rateShard(shard)
  const rows = terms === null ? null : encodeShard(found, terms)
  const pieces = rows === null ? [] : [...rows.bills, ...rows.receivables, ...rows.entries, ...rows.components]
  port.postMessage(
    { rated: found.rated, rows } satisfies ShardAnswer,
    pieces.map(({ buffer }) => buffer as ArrayBuffer),
  )
})
