import { ascending } from './day-series.js'
import type { ErrorClass } from './error-classes.js'
import { ownScores, type PastErrors, scoreUnit, spreadOf } from './past-errors.js'

/** By how much the truth may lie below and above the estimate, in the unit of the errors. */
export interface Deviation {
  readonly below: bigint
  readonly above: bigint
}

/**
 * The narrowest range that holds nine in ten of the method's past errors: the point's own ones, scaled by its spread, beside those
 * of its class. Split conformal prediction with a pooled calibration set (ADR 0018).
 * @param usualInClass mean size of an error in the class, in the unit of the errors.
 */
export function deviationOf(past: PastErrors, { scores }: ErrorClass, usualInClass: bigint): Deviation {
  const spread = spreadOf(past, usualInClass)
  const { least, most } = narrowest([...scores, ...ownScores(past, spread)].toSorted(ascending))
  return { below: (least * spread) / scoreUnit, above: (most * spread) / scoreUnit }
}

/**
 * Of sorted scores the nearest two between which a further one lies nine times in ten. Of n scores a range from one to the (m − 1)th after
 * it holds a further one with probability (m − 1) / (n + 1): hence one more than nine tenths of n + 1.
 */
export function narrowest(scores: readonly bigint[]): { readonly least: bigint; readonly most: bigint } {
  const needed = Math.min(scores.length, Math.round(((scores.length + 1) * 9) / 10) + 1)
  let best = { least: scores[0] ?? 0n, most: scores.at(-1) ?? 0n }
  for (let start = 0; start + needed <= scores.length; start += 1) {
    const [least = 0n, most = 0n] = [scores[start], scores[start + needed - 1]]
    if (most - least < best.most - best.least) best = { least, most }
  }
  return best
}
