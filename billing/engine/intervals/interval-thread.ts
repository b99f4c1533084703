import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../../domain/runtime.js'
import type { IntervalShardAnswer, IntervalTerms, IntervalWorkerData } from './interval-worker.js'
import { createKernelMemory, roomForDays } from './kernel-memory.js'
import type { IntervalAccounts } from './rate-interval-shard.js'

/** A thread that rates one shard at a time. */
export interface IntervalThread {
  /** Where the days of the next shard are to stand: at least so many bytes, with what was written before. */
  readonly room: (bytes: number) => Uint8Array
  readonly rate: (shard: IntervalAccounts) => Promise<IntervalShardAnswer>
  readonly close: () => Promise<void>
}

/** Virtual time stands still while the thread computes. */
export function createIntervalThread(clock: Clock, terms: IntervalTerms): IntervalThread {
  const memory = createKernelMemory()
  const worker = new Worker(new URL('./interval-worker.js', import.meta.url), {
    workerData: { terms, memory } satisfies IntervalWorkerData,
  })
  return {
    room: roomForDays(memory),
    rate: (shard) =>
      holding(clock, async () => {
        const answer = once(worker, 'message')
        worker.postMessage(shard, [])
        const [rated] = (await answer) as [IntervalShardAnswer]
        return rated
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}
