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
  // A failure ends the thread, and with it the wait for its answer.
  void answer(shard, terms)
})

async function answer(shard: Shard, terms: RowTerms | null): Promise<void> {
  const rateAccounts = shard.accounts === null ? null : (await import('./account-bills.js')).withAccountBills
  const found = rateShard(shard, rateAccounts)
  const rows = terms === null ? null : encodeShard(found, terms)
  const pieces = rows === null ? [] : [...rows.bills, ...rows.receivables, ...rows.entries, ...rows.components]
  port.postMessage(
    { rated: found.rated, rows } satisfies ShardAnswer,
    pieces.map(({ buffer }) => buffer as ArrayBuffer),
  )
}
