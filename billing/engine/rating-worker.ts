import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../domain/runtime.js'
import { type BillColumns, buffersOf, type UsageColumns } from './columns.js'
import type { RateProgram } from './compile-program.js'
import type { RatingJob } from './worker.js'

/** A thread that rates one shard at a time, so that the main thread keeps answering. */
export interface RatingWorker {
  readonly rate: (programs: readonly RateProgram[], usages: UsageColumns) => Promise<BillColumns>
  readonly close: () => Promise<void>
}

/** Virtual time stands still while the thread computes. The usages move to the thread and are gone for the caller. */
export function createRatingWorker(clock: Clock): RatingWorker {
  const worker = new Worker(new URL('./worker.js', import.meta.url))
  return {
    rate: (programs, usages) =>
      holding(clock, async () => {
        const answer = once(worker, 'message')
        worker.postMessage({ programs, usages } satisfies RatingJob, buffersOf(usages))
        const [bills] = (await answer) as [BillColumns]
        return bills
      }),
    async close() {
      await worker.terminate()
    },
  }
}
