// Runs meter histories through validation and determinants and compares every released quantity with the truth:
// node build/test/histories/run.js [--histories 1e6] [--seed 1] [--first 0] [--workers 1]
// Ends with 1 when a wrong value was released or more than 0.3 % of the blameless points were held. `--first N --histories 1` makes one again.
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { addTally, createTally, describeTally, falseHoldsPpm, type Tally } from './tally.js'
import type { WorkerOrders } from './worker.js'

const mostFalseHoldsPpm = 3000
const step = 5000
const sayMs = 15_000

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1e6' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    workers: { type: 'string', default: '1' },
  },
})
const [histories, seed, first, workers] = [values.histories, values.seed, values.first, values.workers].map(Number) as [
  number,
  number,
  number,
  number,
]

const started = performance.now()
let saidAt = started
let done = 0
const sum = createTally()
await Promise.all(Array.from({ length: workers }, (_, index) => runWorker(index)))
finish()

function runWorker(index: number): Promise<void> {
  const share = (part: number) => first + Math.floor((histories * part) / workers)
  const orders: WorkerOrders = { seed, first: share(index), end: share(index + 1), step }
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: orders })
    worker.on('message', (tally: Tally) => {
      addTally(sum, tally)
      done = Math.min(done + step, histories)
      say()
    })
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}

function say(): void {
  if (performance.now() - saidAt < sayMs) return
  saidAt = performance.now()
  const seconds = Math.round((saidAt - started) / 1000)
  process.stderr.write(`${done} of ${histories} histories in ${seconds} s, ${sum.verdicts.wrong} wrong\n`)
}

function finish(): void {
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(`${describeTally(sum)}\n`)
  for (const { number, point, verdict, answer } of sum.examples.slice(0, 40))
    process.stdout.write(`${verdict}: seed ${seed} history ${number} point ${point}: ${answer}\n`)
  process.stdout.write(
    `seed ${seed}: ${histories} histories from ${first}, ${sum.points} points in ${Math.round(seconds)} s ` +
      `(${Math.round((seconds * 1e6 * workers) / histories)} µs each); wrong released ${sum.verdicts.wrong}, ` +
      `false holds ${sum.verdicts.false_hold} of ${sum.blameless} blameless points (${falseHoldsPpm(sum) / 10_000} %)\n`,
  )
  process.exitCode = sum.verdicts.wrong > 0 || falseHoldsPpm(sum) > mostFalseHoldsPpm ? 1 : 0
}
