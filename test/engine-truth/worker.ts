import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import type { SeedOrders } from '../support/run-seeds.js'
import { createTally, tallyCases } from './tally.js'

const port = present(parentPort, 'a parent')
const { seed, first, end, step } = workerData as SeedOrders
for (let from = first; from < end; from += step) {
  const tally = createTally()
  tallyCases(tally, seed, from, Math.min(from + step, end))
  port.postMessage(tally)
}
