import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { createComponentRows } from '../../storage/billing/component-bills.js'
import { CopyWriter } from '../../storage/copy-writer.js'
import { encodeShard, type RowTerms, type ShardRows } from './encode-shard.js'
import { type RatedShard, rateShard, type Shard } from './rate-shard.js'

/** What the thread is asked for; without terms nothing is encoded. The rows go into the room, or into a larger one. */
export interface ShardRequest {
  readonly shard: Shard
  readonly encode: { readonly terms: RowTerms; readonly room: SharedArrayBuffer } | null
}

export interface ShardAnswer {
  readonly rated: RatedShard
  readonly rows: ShardRows | null
  /** Where the rows are. */
  readonly room: SharedArrayBuffer | null
}

const port = present(parentPort, 'the port of a worker thread')

port.on('message', (request: ShardRequest) => {
  // A failure ends the thread, and with it the wait for its answer.
  void answer(request)
})

async function answer({ shard, encode }: ShardRequest): Promise<void> {
  const rateAccounts = shard.accounts === null ? null : (await import('./account-bills.js')).withAccountBills
  const components = encode === null || shard.accounts === null ? null : createComponentRows(encode.terms.segmentId)
  const found = rateShard(shard, rateAccounts, components?.take)
  const writer = encode === null ? null : new CopyWriter(encode.room)
  const rows = encode === null || writer === null ? null : encodeShard(writer, found, encode.terms, components)
  const room = writer === null ? null : (writer.room() as SharedArrayBuffer)
  const moving = [...new Set(rows?.components.map(({ buffer }) => buffer as ArrayBuffer))]
  port.postMessage({ rated: found.rated, rows, room } satisfies ShardAnswer, moving)
}
