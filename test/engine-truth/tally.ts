import { compareCase } from './compare-case.js'
import { drawCase } from './draw-case.js'

/** A usage of which the two say something else. */
export interface Example {
  readonly seed: number
  /** Of the case, and of the usage in it. */
  readonly number: number
  readonly usage: number
  readonly differs: string
}

/** What cases came to; all counts. Plain objects, so that it passes from a worker. */
export interface Tally {
  bills: number
  /** Bills with a product beyond 2^53, which goes another way through the columns. */
  wide: number
  differing: number
  readonly held: Record<string, number>
  /** The first of those that differ. */
  readonly examples: Example[]
}

const mostExamples = 40

export function createTally(): Tally {
  return { bills: 0, wide: 0, differing: 0, held: {}, examples: [] }
}

/** Compares the cases of [first, end) and counts what comes out. */
export function tallyCases(tally: Tally, seed: number, first: number, end: number): void {
  for (let number = first; number < end; number += 1) {
    for (const [usage, { held, wide, differs }] of compareCase(drawCase(seed, number)).entries()) {
      if (held === null) tally.bills += 1
      else tally.held[held] = (tally.held[held] ?? 0) + 1
      if (wide) tally.wide += 1
      if (differs === null) continue
      tally.differing += 1
      keepExample(tally, { seed, number, usage, differs })
    }
  }
}

function keepExample({ examples }: Tally, example: Example): void {
  if (examples.length < mostExamples) examples.push(example)
}

export function addTally(sum: Tally, part: Tally): void {
  sum.bills += part.bills
  sum.wide += part.wide
  sum.differing += part.differing
  for (const [code, times] of Object.entries(part.held)) sum.held[code] = (sum.held[code] ?? 0) + times
  for (const example of part.examples) keepExample(sum, example)
}

export function describeTally({ bills, wide, differing, held }: Tally): string {
  const codes = Object.entries(held).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const all = codes.reduce((sum, [, times]) => sum + times, 0)
  const reasons = codes.map(([code, times]) => `${code} ${times}`).join(', ')
  return `${bills} bills compared, ${wide} of them with products beyond 2^53, ${all} held (${reasons}), ${differing} differ`
}
