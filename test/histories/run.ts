// Runs meter histories through validation and determinants and compares every released quantity with the truth:
// node build/test/histories/run.js [--histories 1e6] [--seed 1] [--seeds 1] [--first 0] [--workers 1] [--deceiving] [--sums FILE]
// Ends with 1 when a wrong value was released or more than 0.3 % of the blameless points were held. `--first N --histories 1` makes one again.
// `--deceiving` leaves out histories in which nothing is planted that could be released wrong: a third of the time, and no rate of false holds.
// `--seeds 10` goes on with the nine seeds after the first one. What is summed up in FILE, a line for each seed, is not run again.
import { parseArgs } from 'node:util'
import { runSeeds } from '../support/run-seeds.js'
import { addTally, createTally, describeTally, falseHoldsPpm, parseTallyLine, type Tally, tallyLine } from './tally.js'

const mostFalseHoldsPpm = 3000
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
const [histories, first] = [Number(values.histories), Number(values.first)]
const whole = await runSeeds<Tally>(
  {
    worker: new URL('worker.js', import.meta.url),
    step: 5000,
    createTally,
    addTally,
    tallyLine,
    parseTallyLine,
    sentence,
    soFar: ({ verdicts }) => `${verdicts.wrong} wrong`,
  },
  {
    firstSeed: Number(values.seed),
    seeds: Number(values.seeds),
    first,
    count: histories,
    workers: Number(values.workers),
    sumsFile: values.sums,
    marks: { histories, first, deceiving: values.deceiving },
  },
)
process.stdout.write(`${describeTally(whole)}\n`)
const shown = whole.examples.toSorted((a, b) => (a.verdict < b.verdict ? 1 : -1)).slice(0, mostShown)
for (const { seed, number, point, verdict, answer } of shown)
  process.stdout.write(`${verdict}: seed ${seed} history ${number} point ${point}: ${answer}\n`)
process.stdout.write(`${sentence(`${values.seeds} times ${histories} histories from ${first}`, whole)}\n`)
process.exitCode = whole.verdicts.wrong > 0 || falseHoldsPpm(whole) > mostFalseHoldsPpm ? 1 : 0

function sentence(name: string, tally: Tally): string {
  const { points, blameless, verdicts } = tally
  return (
    `${name}: ${points} points; wrong released ${verdicts.wrong}, hidden ${verdicts.hidden}, ` +
    `false holds ${verdicts.false_hold} of ${blameless} blameless points (${falseHoldsPpm(tally) / 10_000} %)`
  )
}
