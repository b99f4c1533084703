// Rates drawn usages in columns and by the readable rules and compares what either would store:
// node build/test/engine-truth/run.js [--cases 2000] [--seed 1] [--seeds 1] [--first 0] [--workers 1] [--sums FILE]
// A case is a tariff and fifty usages. Ends with 1 when anything differs. `--first N --cases 1` makes one again.
// `--seeds 10` goes on with the nine seeds after the first one. What is summed up in FILE, a line for each seed, is not run again.
import { parseArgs } from 'node:util'
import { runSeeds } from '../support/run-seeds.js'
import { addTally, createTally, describeTally, type Tally } from './tally.js'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    workers: { type: 'string', default: '1' },
    sums: { type: 'string' },
  },
})
const [cases, first] = [Number(values.cases), Number(values.first)]
const whole = await runSeeds<Tally>(
  {
    worker: new URL('worker.js', import.meta.url),
    step: 20,
    createTally,
    addTally,
    tallyLine: (tally) => JSON.stringify(tally),
    parseTallyLine: (line) => JSON.parse(line) as Tally,
    sentence: (name, tally) => `${name}: ${describeTally(tally)}`,
    soFar: ({ differing }) => `${differing} differ`,
  },
  {
    firstSeed: Number(values.seed),
    seeds: Number(values.seeds),
    first,
    count: cases,
    workers: Number(values.workers),
    sumsFile: values.sums,
    marks: { cases, first },
  },
)
for (const { seed, number, usage, differs } of whole.examples)
  process.stdout.write(`seed ${seed} case ${number} usage ${usage}: another ${differs}\n`)
process.stdout.write(`${values.seeds} times ${cases} cases from ${first}: ${describeTally(whole)}\n`)
process.exitCode = whole.differing > 0 ? 1 : 0
