import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../domain/runtime.js'
import { present } from '../../domain/result.js'
import type { RowTerms, ShardRows } from './encode-shard.js'
import type { RatedShard, Shard } from './rate-shard.js'
import type { ShardAnswer, ShardRequest } from './worker.js'

/** A rated shard with its rows, in memory that goes from shard to shard: after `letGo` the rows are no more. */
export type EncodedShard = readonly [rated: RatedShard, rows: ShardRows, letGo: () => void]

/** Rows of 20 000 bills of four lines with what belongs to them. */
const usualRoomBytes = 16 * 1024 * 1024

/** A thread that rates one shard after the other, so that the main thread keeps answering. After a failure it rates nothing more. The usages move to it and are gone for the caller. */
export interface RatingWorker {
  readonly rate: (shard: Shard) => Promise<RatedShard>
  /** Rates and makes the rows to store. */
  readonly rateAndEncode: (shard: Shard, terms: RowTerms) => Promise<EncodedShard>
  readonly close: () => Promise<void>
}

/** Virtual time stands still while the thread computes. */
export function createRatingWorker(clock: Clock): RatingWorker {
  const worker = new Worker(new URL('./worker.js', import.meta.url))
  const freeRooms: SharedArrayBuffer[] = []
  let last: Promise<unknown> = Promise.resolve()
  const ask = (request: ShardRequest): Promise<ShardAnswer> =>
    holding(clock, () => {
      const answer = last.then(() => askNow(request))
      last = answer
      return answer
    })
  const askNow = async (request: ShardRequest): Promise<ShardAnswer> => {
    const answer = once(worker, 'message')
    const { usages, accounts } = request.shard
    worker.postMessage(request, [
      usages.buffer,
      ...(accounts === null ? [] : [accounts.plain.buffer, accounts.documents.buffer]),
    ])
    const [{ rated, rows, room }] = (await answer) as [ShardAnswer]
    const totals = { ...rated.totals, digest: toBuffer(rated.totals.digest) }
    return { rated: { ...rated, totals }, rows: rows && toBuffers(rows), room }
  }
  return {
    rate: async (shard) => (await ask({ shard, encode: null })).rated,
    async rateAndEncode(shard, terms) {
      const { rated, rows, room } = await ask({ shard, encode: { terms, room: freeRooms.pop() ?? newRoom() } })
      return [rated, present(rows, 'the rows of a shard'), () => freeRooms.push(present(room, 'their room'))]
    },
    async close() {
      await worker.terminate()
    },
  }
}

/** So many threads that take turns: of the shards that are asked for at once each rates its own. */
export function createRatingWorkers(clock: Clock, threads: number): RatingWorker {
  const workers = Array.from({ length: threads }, () => createRatingWorker(clock))
  let asked = 0
  const next = (): RatingWorker => present(workers[asked++ % threads], 'a thread whose turn it is')
  return {
    rate: (shard) => next().rate(shard),
    rateAndEncode: (shard, terms) => next().rateAndEncode(shard, terms),
    close: async () => void (await Promise.all(workers.map((worker) => worker.close()))),
  }
}

/** Untouched memory is none. */
function newRoom(): SharedArrayBuffer {
  return new SharedArrayBuffer(usualRoomBytes)
}

function toBuffers({ bills, receivables, entries, components }: ShardRows): ShardRows {
  return {
    bills: bills.map(toBuffer),
    receivables: receivables.map(toBuffer),
    entries: entries.map(toBuffer),
    components: components.map(toBuffer),
  }
}

/** A Buffer arrives from a thread as a plain Uint8Array. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
