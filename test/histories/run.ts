// Runs meter histories through validation and determinants and compares every released quantity with the truth:
// node build/test/histories/run.js [--histories 1e6] [--seed 1] [--seeds 1] [--first 0] [--workers 1] [--deceiving] [--sums FILE]
// Ends with 1 when a wrong value was released or more than 0.3 % of the blameless points were held. `--first N --histories 1` makes one again.
// `--deceiving` leaves out histories in which nothing is planted that could be released wrong: a third of the time, and no rate of false holds.
// `--seeds 10` goes on with the nine seeds after the first one. What is summed up in FILE, a line for each seed, is not run again.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { addTally, createTally, describeTally, falseHoldsPpm, parseTallyLine, type Tally, tallyLine } from './tally.js'
import type { WorkerOrders } from './worker.js'

const mostFalseHoldsPpm = 3000
const step = 5000
const sayMs = 15_000
/** Examples that are printed, wrong ones first. */
const mostShown = 40

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1e6' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    workers: { type: 'string', default: '1' },
    deceiving: { type: 'boolean', default: false },
    sums: { type: 'string' },
  },
})
const [histories, firstSeed, seeds, first, workers] = [
  values.histories,
  values.seed,
  values.seeds,
  values.first,
  values.workers,
].map(Number) as [number, number, number, number, number]

const whole = createTally()
const known = readSums()
for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
  const tally = known.get(seed) ?? (await runSeed(seed))
  process.stdout.write(`${sentence(`seed ${seed}`, tally)}\n`)
  addTally(whole, tally)
}
finish()

/** The seeds of earlier runs with the same histories. */
function readSums(): ReadonlyMap<number, Tally> {
  if (values.sums === undefined || !existsSync(values.sums)) return new Map()
  const lines = readFileSync(values.sums, 'utf8').split('\n').filter(Boolean)
  const sums = lines.map((line) => JSON.parse(line) as SeedSum)
  const same = sums.filter((one) => isSame(one))
  return new Map(same.map(({ seed, tally }) => [seed, parseTallyLine(tally)]))
}

function isSame(one: SeedSum): boolean {
  return one.histories === histories && one.first === first && one.deceiving === values.deceiving
}

interface SeedSum {
  readonly seed: number
  readonly histories: number
  readonly first: number
  readonly deceiving: boolean
  readonly tally: string
}

async function runSeed(seed: number): Promise<Tally> {
  const started = performance.now()
  let saidAt = started
  let done = 0
  const sum = createTally()
  const take = (tally: Tally) => {
    addTally(sum, tally)
    done = Math.min(done + step, histories)
    if (performance.now() - saidAt < sayMs) return
    saidAt = performance.now()
    const seconds = Math.round((saidAt - started) / 1000)
    process.stderr.write(`seed ${seed}: ${done} of ${histories} in ${seconds} s, ${sum.verdicts.wrong} wrong\n`)
  }
  await Promise.all(Array.from({ length: workers }, (_, index) => runWorker(seed, index, take)))
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`${Math.round((seconds * 1e6 * workers) / histories)} µs each\n`)
  if (values.sums !== undefined) {
    const kept: SeedSum = { seed, histories, first, deceiving: values.deceiving, tally: tallyLine(sum) }
    appendFileSync(values.sums, `${JSON.stringify(kept)}\n`)
  }
  return sum
}

function runWorker(seed: number, index: number, take: (tally: Tally) => void): Promise<void> {
  const share = (part: number) => first + Math.floor((histories * part) / workers)
  const orders: WorkerOrders = {
    seed,
    first: share(index),
    end: share(index + 1),
    step,
    deceivingOnly: values.deceiving,
  }
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: orders })
    worker.on('message', take)
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}

function sentence(name: string, tally: Tally): string {
  const { points, blameless, verdicts } = tally
  return (
    `${name}: ${points} points; wrong released ${verdicts.wrong}, hidden ${verdicts.hidden}, ` +
    `false holds ${verdicts.false_hold} of ${blameless} blameless points (${falseHoldsPpm(tally) / 10_000} %)`
  )
}

function finish(): void {
  process.stdout.write(`${describeTally(whole)}\n`)
  const shown = whole.examples.toSorted((a, b) => (a.verdict < b.verdict ? 1 : -1)).slice(0, mostShown)
  for (const { seed, number, point, verdict, answer } of shown)
    process.stdout.write(`${verdict}: seed ${seed} history ${number} point ${point}: ${answer}\n`)
  process.stdout.write(`${sentence(`${seeds} times ${histories} histories from ${first}`, whole)}\n`)
  process.exitCode = whole.verdicts.wrong > 0 || falseHoldsPpm(whole) > mostFalseHoldsPpm ? 1 : 0
}
