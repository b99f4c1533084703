import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../domain/runtime.js'
import type { CompareAnswer, CompareRequest } from './compare-worker.js'

/** A thread that rates one shard twice at a time. The inputs move to it and are gone for the caller. */
export interface CompareThread {
  readonly compare: (request: CompareRequest) => Promise<CompareAnswer>
  readonly close: () => Promise<void>
}

/** Virtual time stands still while the thread computes. */
export function createCompareThread(clock: Clock): CompareThread {
  const worker = new Worker(new URL('./compare-worker.js', import.meta.url))
  return {
    compare: (request) =>
      holding(clock, async () => {
        const answered = once(worker, 'message')
        const { shard, scenario } = request
        const inputs = [shard.accounts, scenario.inputs].flatMap((one) =>
          one === null ? [] : [one.plain.buffer, one.documents.buffer],
        )
        worker.postMessage(request, [shard.usages.buffer, ...inputs])
        const [answer] = (await answered) as [CompareAnswer]
        return answer
      }),
    async close() {
      await worker.terminate()
    },
  }
}
