import { parentPort } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { buffersOf, type UsageColumns } from './columns.js'
import type { RateProgram } from './compile-program.js'
import { rateColumns } from './rate-columns.js'

/** One shard to rate, as it crosses to the worker thread. */
export interface RatingJob {
  readonly programs: readonly RateProgram[]
  readonly usages: UsageColumns
}

const port = present(parentPort, 'the port of a worker thread')
port.on('message', (job: RatingJob) => {
  const bills = rateColumns(job.programs, job.usages)
  port.postMessage(bills, buffersOf(bills))
})
