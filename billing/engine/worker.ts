import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { encodeShard, type ShardRows } from './encode-shard.js'
import { rateShard, type Shard, type ShardBills } from './rate-shard.js'

/** What the thread is asked for; rows are those of the shard rated last. */
export type ShardRequest =
  | { readonly kind: 'rate'; readonly shard: Shard }
  | { readonly kind: 'encode'; readonly rows: ShardRows }

const port = present(parentPort, 'the port of a worker thread')
let last: ShardBills | null = null

port.on('message', (request: ShardRequest) => {
  if (request.kind === 'rate') {
    last = rateShard(request.shard)
    return port.postMessage(last.rated)
  }
  const pieces = encodeShard(present(last, 'a rated shard'), request.rows)
  port.postMessage(
    pieces,
    pieces.map(({ buffer }) => buffer as ArrayBuffer),
  )
})
