import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../domain/result.js'
import { readCorpus } from './corpus.js'
import { createFuzzer, type Failure } from './fuzz.js'
import { targets } from './targets.js'

export interface WorkerOrders {
  readonly seed: number
  readonly corpus: string
  /** First index of this worker, and how many workers share the indexes. */
  readonly first: number
  readonly step: number
  readonly end: number
  /** One number per worker: the index that it works on. Whoever watches sees a worker that hangs. */
  readonly progress: Int32Array
  readonly worker: number
}

// Refusing what is no JSON costs an exception each time; its stack is not looked at.
Error.stackTraceLimit = 0
const port = present(parentPort, 'a parent')
port.postMessage(work(workerData as WorkerOrders))

function work({ seed, corpus, first, step, end, progress, worker }: WorkerOrders): Failure | null {
  const fuzzer = createFuzzer({ targets, corpus: readCorpus(corpus), seed, nowMs: () => performance.now() })
  const kept = fuzzer.replayCorpus()
  if (kept !== null) return kept
  for (let index = first; index < end; index += step) {
    progress[worker] = index
    const failed = fuzzer.run(index)
    if (failed !== null) return failed
  }
  progress[worker] = end
  return null
}
