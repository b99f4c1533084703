import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../../domain/runtime.js'
import type { IntervalShardAnswer, IntervalTerms } from './interval-worker.js'
import type { IntervalAccounts } from './rate-interval-shard.js'

/** A thread that rates one shard at a time. The bytes move to it and are gone for the caller. */
export interface IntervalThread {
  readonly rate: (shard: IntervalAccounts) => Promise<IntervalShardAnswer>
  readonly close: () => Promise<void>
}

/** Virtual time stands still while the thread computes. */
export function createIntervalThread(clock: Clock, terms: IntervalTerms): IntervalThread {
  const worker = new Worker(new URL('./interval-worker.js', import.meta.url), { workerData: terms })
  return {
    rate: (shard) =>
      holding(clock, async () => {
        const answer = once(worker, 'message')
        worker.postMessage(shard, buffersOf(shard))
        const [rated] = (await answer) as [IntervalShardAnswer]
        return rated
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}

function buffersOf({ links, days }: IntervalAccounts): readonly ArrayBuffer[] {
  const columns = Object.values(links).filter((column) => ArrayBuffer.isView(column))
  return [...columns.map(({ buffer }) => buffer as ArrayBuffer), days.buffer]
}
