import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { KernelAct, WorkerAccounts } from './kernel-worker.js'

/** Threads that hold a part of all readings each, and rate it when they are asked to. */
export interface KernelThreads {
  /** Answers in the order of accounts. */
  readonly perform: (act: KernelAct) => Promise<readonly (Float64Array | number)[]>
  readonly close: () => Promise<void>
}

export async function startKernelThreads(accounts: number, threads: number): Promise<KernelThreads> {
  const share = Math.ceil(accounts / threads)
  const workers = Array.from({ length: threads }, (_, index) => {
    const part: WorkerAccounts = { first: index * share, accounts: Math.min(share, accounts - index * share) }
    return new Worker(new URL('./kernel-worker.js', import.meta.url), { workerData: part })
  })
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return {
    perform: async (act) =>
      Promise.all(
        workers.map(async (worker) => {
          const answer = once(worker, 'message')
          worker.postMessage(act, [])
          const [result] = (await answer) as [Float64Array | number]
          return result
        }),
      ),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
