import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../domain/runtime.js'
import type { ShardRows } from './encode-shard.js'
import type { RatedShard, Shard } from './rate-shard.js'
import type { ShardRequest } from './worker.js'

/** A thread that rates one shard at a time, so that the main thread keeps answering. Ask for one thing, wait, ask for the next. */
export interface RatingWorker {
  /** The usages move to the thread and are gone for the caller. */
  readonly rate: (shard: Shard) => Promise<RatedShard>
  /** Rows of the shard that was rated last, as a binary COPY. */
  readonly encode: (rows: ShardRows) => Promise<readonly Buffer[]>
  readonly close: () => Promise<void>
}

/** Virtual time stands still while the thread computes. */
export function createRatingWorker(clock: Clock): RatingWorker {
  const worker = new Worker(new URL('./worker.js', import.meta.url))
  const ask = <Answer>(request: ShardRequest, moved: readonly ArrayBuffer[]): Promise<Answer> =>
    holding(clock, async () => {
      const answer = once(worker, 'message')
      worker.postMessage(request, moved)
      const [message] = (await answer) as [Answer]
      return message
    })
  return {
    async rate(shard) {
      const rated = await ask<RatedShard>({ kind: 'rate', shard }, [shard.usages.buffer])
      // Bytes arrive as a plain Uint8Array.
      return { ...rated, totals: { ...rated.totals, digest: Buffer.from(rated.totals.digest) } }
    },
    async encode(rows) {
      const pieces = await ask<readonly Uint8Array<ArrayBuffer>[]>({ kind: 'encode', rows }, [])
      return pieces.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
    },
    async close() {
      await worker.terminate()
    },
  }
}
