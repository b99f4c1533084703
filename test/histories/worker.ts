import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { createTally, tallyHistories } from './tally.js'

export interface WorkerOrders {
  readonly seed: number
  readonly first: number
  readonly end: number
  /** Histories between two messages. */
  readonly step: number
  readonly deceivingOnly: boolean
}

const port = present(parentPort, 'a parent')
const { seed, first, end, step, deceivingOnly } = workerData as WorkerOrders
for (let from = first; from < end; from += step) {
  const tally = createTally()
  tallyHistories(tally, seed, from, Math.min(from + step, end), deceivingOnly)
  port.postMessage(tally)
}
