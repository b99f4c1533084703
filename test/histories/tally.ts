import { textTable } from '../../console/cli/table.js'
import { formatScaled } from '../../domain/scaled.js'
import { faultsOf, generateHistory } from '../../simulators/histories/generate-history.js'
import type { PointHistory } from '../../simulators/histories/history.js'
import { type Answer, hidersOf, judge, largestErrorE4, mayDeceive, type Verdict, verdicts } from './judge.js'
import { runInMemory } from './run-in-memory.js'

/** A point of a history whose outcome somebody has to look at. */
export interface Example {
  readonly seed: number
  readonly number: number
  readonly point: number
  readonly verdict: Verdict
  /** The code of the hold, or the energies that were released. */
  readonly answer: string
}

/** Errors of released values that no reading tells of. */
export interface HiddenErrors {
  points: number
  /** Of them wrong by more than 1 kWh, and of those by more than the point's fullest day. */
  beyondKwh: number
  beyondDay: number
  /** kWh e4, and in thousandths of the truth. */
  largestE4: bigint
  largestPermille: bigint
}

/** Outcomes of histories; all counts. Plain objects, so that it passes from a worker. */
export interface Tally {
  points: number
  /** Points without a fault that asks for a hold. */
  blameless: number
  readonly verdicts: Record<Verdict, number>
  /** By fault; points without one by what happened honestly. */
  readonly rows: Record<string, Partial<Record<Verdict, number>>>
  readonly holds: Record<string, number>
  /** What is hidden, by the fault that hides it. */
  readonly hidden: Record<string, HiddenErrors>
  /** Wrong releases and false holds, the first of them. */
  readonly examples: Example[]
}

/** How many of each are kept. */
const mostExamples: Readonly<Partial<Record<Verdict, number>>> = { wrong: 200, false_hold: 40 }

export function createTally(): Tally {
  const none = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>
  return { points: 0, blameless: 0, verdicts: none, rows: {}, holds: {}, hidden: {}, examples: [] }
}

/** Runs the histories of [first, end), or those of them that may deceive, through the product and counts what comes out. */
export function tallyHistories(tally: Tally, seed: number, first: number, end: number, deceivingOnly = false): void {
  for (let number = first; number < end; number += 1) {
    if (deceivingOnly && !mayDeceive(faultsOf(seed, number))) continue
    const history = generateHistory(seed, number)
    const results = runInMemory(history)
    for (const [index, point] of history.points.entries()) {
      const result = results[index]
      if (result === undefined) continue
      const answer = result.ok ? { released: result.value.energiesE4 } : { held: result.error.kind }
      const verdict = count(tally, point, answer)
      keepExample(tally, { seed, number, point: index, verdict, answer: textOf(answer) })
    }
  }
}

function count(tally: Tally, point: PointHistory, answer: Answer): Verdict {
  const verdict = judge(point, answer)
  tally.points += 1
  tally.verdicts[verdict] += 1
  if (verdict === 'true' || verdict === 'demanded_hold' || verdict === 'false_hold') tally.blameless += 1
  if ('held' in answer) tally.holds[answer.held] = (tally.holds[answer.held] ?? 0) + 1
  for (const name of namesOf(point)) {
    const row = (tally.rows[name] ??= {})
    row[verdict] = (row[verdict] ?? 0) + 1
  }
  if (verdict === 'hidden' && 'released' in answer) noteHidden(tally, point, answer.released)
  return verdict
}

function keepExample({ examples }: Tally, example: Example): void {
  const most = mostExamples[example.verdict] ?? 0
  if (most > 0 && examples.filter(({ verdict }) => verdict === example.verdict).length < most) examples.push(example)
}

const kwhE4 = 10_000n

function noteHidden({ hidden }: Tally, point: PointHistory, released: readonly bigint[]): void {
  const largestE4 = largestErrorE4(point, released)
  const beyondKwh = largestE4 > kwhE4 ? 1 : 0
  const one: HiddenErrors = {
    points: 1,
    beyondKwh,
    beyondDay: largestE4 > point.fullestDayE4 ? beyondKwh : 0,
    largestE4,
    largestPermille: point.truth[0] === 0n ? 0n : (largestE4 * 1000n) / point.truth[0],
  }
  for (const name of hidersOf(point)) addHidden(hidden, name, one)
}

function addHidden(hidden: Tally['hidden'], name: string, part: HiddenErrors): void {
  const sum = (hidden[name] ??= { points: 0, beyondKwh: 0, beyondDay: 0, largestE4: 0n, largestPermille: 0n })
  sum.points += part.points
  sum.beyondKwh += part.beyondKwh
  sum.beyondDay += part.beyondDay
  if (part.largestE4 > sum.largestE4) sum.largestE4 = part.largestE4
  if (part.largestPermille > sum.largestPermille) sum.largestPermille = part.largestPermille
}

function namesOf({ planted, events }: PointHistory): readonly string[] {
  if (planted.length > 0) return planted.map(({ name }) => name)
  return events.length === 0 ? ['(nothing)'] : events.map((event) => `(${event})`)
}

function textOf(answer: Answer): string {
  return 'held' in answer ? answer.held : answer.released.join(' ')
}

export function addTally(sum: Tally, part: Tally): void {
  sum.points += part.points
  sum.blameless += part.blameless
  for (const verdict of verdicts) sum.verdicts[verdict] += part.verdicts[verdict]
  for (const [name, row] of Object.entries(part.rows)) {
    const whole = (sum.rows[name] ??= {})
    for (const verdict of verdicts)
      if (row[verdict] !== undefined) whole[verdict] = (whole[verdict] ?? 0) + row[verdict]
  }
  for (const [code, times] of Object.entries(part.holds)) sum.holds[code] = (sum.holds[code] ?? 0) + times
  for (const [name, errors] of Object.entries(part.hidden)) addHidden(sum.hidden, name, errors)
  for (const example of part.examples) keepExample(sum, example)
}

/** Faults by outcomes, holds by code, and what no reading tells of. */
export function describeTally({ rows, holds, hidden }: Tally): string {
  const byName = (a: string, b: string) => (a < b ? -1 : 1)
  const faults = Object.keys(rows)
    .toSorted(byName)
    .map((name) => [name, ...verdicts.map((verdict) => rows[name]?.[verdict] ?? 0)])
  const codes = Object.entries(holds).toSorted(([a], [b]) => byName(a, b))
  const errors = Object.entries(hidden)
    .toSorted(([a], [b]) => byName(a, b))
    .map(([name, { points, beyondKwh, beyondDay, largestE4, largestPermille }]) => [
      name,
      points,
      beyondKwh,
      beyondDay,
      formatScaled(largestE4, 4),
      `${largestPermille}`,
    ])
  return [
    textTable(['planted (or what happened)', ...verdicts], faults),
    textTable(['held as', 'points'], codes),
    textTable(
      ['hidden by', 'points', 'beyond 1 kWh', 'and the fullest day', 'largest, kWh', 'largest, ‰ of the truth'],
      errors,
    ),
  ].join('\n')
}

/** False holds in millionths of the points that nothing asks to hold. */
export function falseHoldsPpm({ verdicts: { false_hold }, blameless }: Tally): number {
  return blameless === 0 ? 0 : Math.round((false_hold * 1_000_000) / blameless)
}

/** A tally as one line of JSON, and back: sums of runs can be kept and added later. */
export function tallyLine(tally: Tally): string {
  return JSON.stringify(tally, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

export function parseTallyLine(line: string): Tally {
  return JSON.parse(line, (_, value: unknown) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as Tally
}
