import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Clock, holding } from '../../domain/runtime.js'
import type { CheckAnswer, CheckRequest } from '../checker/check-worker.js'

/** The independent checker in a thread of its own, so that it reads one batch while the next is collected. */
export interface CheckThread {
  readonly check: (request: CheckRequest) => Promise<CheckAnswer>
  readonly close: () => Promise<void>
}

export function createCheckThread(clock: Clock): CheckThread {
  const worker = new Worker(new URL('../checker/check-worker.js', import.meta.url))
  return {
    check: (request) =>
      holding(clock, async () => {
        const answered = once(worker, 'message')
        worker.postMessage(request, [])
        const [answer] = (await answered) as [CheckAnswer]
        return answer
      }),
    async close() {
      await worker.terminate()
    },
  }
}
