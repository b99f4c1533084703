import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const sayMs = 15_000

/** Part of a seed's numbers for one worker, which answers with a tally after each step. */
export interface SeedOrders {
  readonly seed: number
  readonly first: number
  readonly end: number
  /** Numbers between two messages. */
  readonly step: number
}

/** What is drawn by number under a seed, and how its tallies are added, kept and told. */
export interface Seeded<Tally> {
  readonly worker: URL
  readonly step: number
  readonly createTally: () => Tally
  readonly addTally: (sum: Tally, part: Tally) => void
  readonly tallyLine: (tally: Tally) => string
  readonly parseTallyLine: (line: string) => Tally
  /** A sentence on the tally of a seed. */
  readonly sentence: (name: string, tally: Tally) => string
  /** A few words on a tally that is not complete yet. */
  readonly soFar: (tally: Tally) => string
}

export interface SeedsWanted {
  readonly firstSeed: number
  readonly seeds: number
  readonly first: number
  readonly count: number
  readonly workers: number
  /** Lines of earlier runs, one for each seed; those that say the same of `marks` are not run again. */
  readonly sumsFile: string | undefined
  /** What a sum belongs to beside its seed; workers get it too. */
  readonly marks: Readonly<Record<string, number | boolean>>
}

type SeedSum = Readonly<Record<string, number | boolean | string>> & { readonly seed: number; readonly tally: string }

/** Runs seed after seed in workers and says after each what it came to. Resolves with all of them together. */
export async function runSeeds<Tally>(seeded: Seeded<Tally>, wanted: SeedsWanted): Promise<Tally> {
  const whole = seeded.createTally()
  const known = readSums(wanted)
  for (let seed = wanted.firstSeed; seed < wanted.firstSeed + wanted.seeds; seed += 1) {
    const line = known.get(seed)
    const tally = line === undefined ? await runSeed(seeded, wanted, seed) : seeded.parseTallyLine(line)
    process.stdout.write(`${seeded.sentence(`seed ${seed}`, tally)}\n`)
    seeded.addTally(whole, tally)
  }
  return whole
}

function readSums({ sumsFile, marks }: SeedsWanted): ReadonlyMap<number, string> {
  if (sumsFile === undefined || !existsSync(sumsFile)) return new Map()
  const lines = readFileSync(sumsFile, 'utf8').split('\n').filter(Boolean)
  const sums = lines.map((line) => JSON.parse(line) as SeedSum)
  const isSame = (sum: SeedSum) => Object.entries(marks).every(([name, value]) => sum[name] === value)
  return new Map(sums.filter(isSame).map(({ seed, tally }) => [seed, tally]))
}

async function runSeed<Tally>(seeded: Seeded<Tally>, wanted: SeedsWanted, seed: number): Promise<Tally> {
  const { count, workers, sumsFile, marks } = wanted
  const started = performance.now()
  let saidAt = started
  let done = 0
  const sum = seeded.createTally()
  const take = (tally: Tally) => {
    seeded.addTally(sum, tally)
    done = Math.min(done + seeded.step, count)
    if (performance.now() - saidAt < sayMs) return
    saidAt = performance.now()
    const seconds = Math.round((saidAt - started) / 1000)
    process.stderr.write(`seed ${seed}: ${done} of ${count} in ${seconds} s, ${seeded.soFar(sum)}\n`)
  }
  await Promise.all(Array.from({ length: workers }, (_, index) => runWorker(seeded, wanted, { seed, index }, take)))
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`${Math.round((seconds * 1e6 * workers) / count)} µs each\n`)
  if (sumsFile !== undefined)
    appendFileSync(sumsFile, `${JSON.stringify({ ...marks, seed, tally: seeded.tallyLine(sum) })}\n`)
  return sum
}

function runWorker<Tally>(
  { worker: program, step }: Seeded<Tally>,
  { first, count, workers, marks }: SeedsWanted,
  { seed, index }: { readonly seed: number; readonly index: number },
  take: (tally: Tally) => void,
): Promise<void> {
  const share = (part: number) => first + Math.floor((count * part) / workers)
  const orders: SeedOrders = { seed, first: share(index), end: share(index + 1), step }
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: { ...marks, ...orders } })
    worker.on('message', take)
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}
