import { invariant } from '../../domain/result.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { nominalMidnight } from './nominal-midnight.js'

/** What the meter gave for an index of its freeze memory; null where it has nothing. */
export interface StampProbe {
  readonly index: number
  readonly stamp: Instant | null
}

export type SearchStep =
  | { readonly kind: 'probe'; readonly index: number }
  | { readonly kind: 'found'; readonly index: number }
  | { readonly kind: 'failed'; readonly cause: 'no_freeze' | 'wrong_stamp' }

/** Stamps asked for before a search is given up. */
export const maxProbes = 5
/** A stamp older than this tells of a clock that lost its date, not of a long past. */
const oldestFreezeMs = 400 * dayMs
/** Freeze memories count from 1 to at most 254. */
const lastIndex = 254

/**
 * Where in the freeze memory a midnight lies. The index is a guess (whole days back from the newest midnight) that only a stamp
 * can confirm: a meter that stood without supply skipped freezes, and one whose clock is slow has not made its last one yet.
 * Each stamp tells by how many days the guess is off. Stamps fall strictly with the index, so the midnight lies between the last
 * index that is too new and the first that is too old; when nothing is left between them, the memory does not hold it.
 */
export function nextSearchStep(wanted: Instant, newestMidnight: Instant, probes: readonly StampProbe[]): SearchStep {
  invariant(wanted <= newestMidnight, 'a freeze is asked for after its midnight')
  let tooNew = 0
  let tooOld = lastIndex + 1
  let guess = 1 + daysFrom(wanted, newestMidnight)
  for (const { index, stamp } of probes) {
    const midnight = stamp === null ? Number.NEGATIVE_INFINITY : nominalMidnight(stamp)
    if (midnight === null || (stamp !== null && isLost(midnight, newestMidnight)))
      return { kind: 'failed', cause: 'wrong_stamp' }
    if (midnight === wanted) return { kind: 'found', index }
    if (midnight > wanted) tooNew = Math.max(tooNew, index)
    else tooOld = Math.min(tooOld, index)
    guess = stamp === null ? index - 1 : index + daysFrom(wanted, midnight)
  }
  if (tooOld - tooNew < 2) return { kind: 'failed', cause: 'no_freeze' }
  if (probes.length === maxProbes) return { kind: 'failed', cause: 'wrong_stamp' }
  return { kind: 'probe', index: Math.min(Math.max(guess, tooNew + 1), tooOld - 1) }
}

function isLost(midnight: Instant, newestMidnight: Instant): boolean {
  return newestMidnight - midnight > oldestFreezeMs
}

function daysFrom(earlier: Instant, later: Instant): number {
  return Math.round((later - earlier) / dayMs)
}
