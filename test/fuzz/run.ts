// Feeds seeded inputs to every decoder:
// node build/test/fuzz/run.js [--inputs 1e6] [--seed 1] [--first 0] [--workers 1] [--corpus FOLDER] [--json]
// Ends with 1 when a decoder fails; the input is then minimised and kept in the corpus. `--first` makes one input again.
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { corpusFolder, keepInput, readCorpus } from './corpus.js'
import { createFuzzer, type Failure } from './fuzz.js'
import { targets } from './targets.js'
import type { WorkerOrders } from './worker.js'

const mostInputs = 2 ** 31 - 1
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1e6' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    workers: { type: 'string', default: '1' },
    corpus: { type: 'string', default: corpusFolder },
    json: { type: 'boolean', default: false },
  },
})
const [inputs, seed, first, workers] = [values.inputs, values.seed, values.first, values.workers].map(wholeNumber) as [
  number,
  number,
  number,
  number,
]
const { corpus } = values
const watchMs = 1000
const hangMs = 30_000
const sayMs = 10_000
/** Nothing in the decoders grows with the number of inputs but the items of the catalogue that were asked for. */
const mostRssBytes = 1_500_000_000

const started = performance.now()
const progress = new Int32Array(new SharedArrayBuffer(4 * workers)).fill(first)
const lastMoved = Array.from({ length: workers }, () => ({ index: -1, at: started }))
let lastSaid = started
let failed: Failure | null = null

const watch = setInterval(() => {
  sayProgress()
  for (const [worker, last] of lastMoved.entries()) {
    const index = progress[worker] ?? 0
    const now = performance.now()
    if (index !== last.index) lastMoved[worker] = { index, at: now }
    else if (now - last.at > hangMs) finish(stuck('hang', index, `no end after ${hangMs} ms`))
  }
  if (process.memoryUsage.rss() > mostRssBytes)
    finish(stuck('memory', progress[0] ?? 0, `more than ${mostRssBytes} bytes of memory`))
}, watchMs)

await Promise.all(Array.from({ length: workers }, (_, worker) => runWorker(worker)))
finish(failed)

async function runWorker(worker: number): Promise<void> {
  const orders: WorkerOrders = {
    seed,
    corpus,
    first: first + worker,
    step: workers,
    end: first + inputs,
    progress,
    worker,
  }
  const thread = new Worker(new URL('worker.js', import.meta.url), {
    workerData: orders,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  await new Promise<void>((resolve, reject) => {
    thread.once('error', reject)
    thread.once('exit', () => resolve())
    thread.once('message', (message: Failure | null) => {
      if (message !== null) finish(message)
    })
  })
}

/** An input that only its index is left of is made again. */
function stuck(kind: 'hang' | 'memory', index: number, message: string): Failure {
  const { target, bytes } = createFuzzer({
    targets,
    corpus: readCorpus(corpus),
    seed,
    nowMs: () => performance.now(),
  }).inputOf(index)
  const input = Buffer.from(bytes)
  return { kind, target: target.name, seed, index, message, input, minimised: input }
}

function finish(failure: Failure | null): never {
  clearInterval(watch)
  failed ??= failure
  const seconds = (performance.now() - started) / 1000
  const done = progress.reduce((sum, index, worker) => sum + Math.ceil((index - first - worker) / workers), 0)
  const report = {
    inputs: Math.max(0, Math.min(done, inputs)),
    seed,
    seconds: Number(seconds.toFixed(1)),
    inputsPerSecond: Math.round(done / seconds),
    maxRssMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
    failures: failed === null ? 0 : 1,
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else
    process.stdout.write(
      `fuzz: ${report.inputs} inputs, seed ${seed}, ${report.seconds} s, ${report.inputsPerSecond} inputs/s, ` +
        `at most ${report.maxRssMegabytes} MB, ${report.failures} failures\n`,
    )
  if (failed !== null) sayFailure(failed)
  process.exit(failed === null ? 0 : 1)
}

function sayFailure({ kind, target, index, message, input, minimised }: Failure): void {
  // Bytes that came from a worker are no Buffer any more.
  const [whole, small] = [Buffer.from(input), Buffer.from(minimised)]
  const name = `found-${target}-${seed}-${Math.max(index, 0)}`
  const path = keepInput(corpus, name, `${target}, seed ${seed}, index ${index}: ${message}`, small)
  process.stderr.write(
    `\n${kind}: ${target}: ${message}\nseed ${seed}, index ${index}\ninput ${whole.toString('hex')}\n` +
      `minimised ${small.toString('hex')}\nkept in ${path}\n`,
  )
}

/** On a terminal one line that changes, elsewhere a line now and then. */
function sayProgress(): void {
  const now = performance.now()
  const isTerminal = process.stderr.isTTY
  if (!isTerminal && now - lastSaid < sayMs) return
  lastSaid = now
  const done = progress.reduce((sum, index, worker) => sum + Math.ceil((index - first - worker) / workers), 0)
  const speed = Math.round((1000 * done) / (now - started))
  const left = speed === 0 ? '?' : Math.round((inputs - done) / speed)
  const line = `fuzz: ${done} of ${inputs} inputs (${((100 * done) / inputs).toFixed(1)} %), ${speed}/s, ${left} s left`
  process.stderr.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`)
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > mostInputs) throw new RangeError(`not a whole number: ${text}`)
  return value
}
