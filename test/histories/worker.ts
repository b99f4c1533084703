import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import type { SeedOrders } from '../support/run-seeds.js'
import { createTally, tallyHistories } from './tally.js'

export interface WorkerOrders extends SeedOrders {
  readonly deceiving: boolean
}

const port = present(parentPort, 'a parent')
const { seed, first, end, step, deceiving } = workerData as WorkerOrders
for (let from = first; from < end; from += step) {
  const tally = createTally()
  tallyHistories(tally, seed, from, Math.min(from + step, end), deceiving)
  port.postMessage(tally)
}
