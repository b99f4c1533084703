import { invariant } from '../../domain/result.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { nominalMidnight } from './nominal-midnight.js'

/** A stamp that the meter gave for an index of its freeze memory. */
export interface StampProbe {
  readonly index: number
  readonly stamp: Instant
}

export type SearchStep =
  | { readonly kind: 'probe'; readonly index: number }
  | { readonly kind: 'found'; readonly index: number }
  | { readonly kind: 'failed'; readonly cause: 'no_freeze' | 'wrong_stamp' }

/** Stamps asked for before a search is given up. */
export const maxProbes = 5
/** Freeze memories count from 1 to at most 254. */
const lastIndex = 254

/**
 * Where in the freeze memory a midnight lies. The index is a guess (whole days back from the newest midnight) that only a stamp
 * can confirm: a meter that stood without supply skipped freezes, and one whose clock is slow has not made its last one yet.
 * Each stamp tells by how many days the guess is off. Stamps fall strictly with the index, so coming back to an index that was
 * already asked proves that the midnight is not there.
 */
export function nextSearchStep(wanted: Instant, newestMidnight: Instant, probes: readonly StampProbe[]): SearchStep {
  invariant(wanted <= newestMidnight, 'a freeze is asked for after its midnight')
  const last = probes.at(-1)
  if (last === undefined) return probeAt(1 + daysFrom(wanted, newestMidnight), probes)
  const midnight = nominalMidnight(last.stamp)
  if (midnight === null) return { kind: 'failed', cause: 'wrong_stamp' }
  if (midnight === wanted) return { kind: 'found', index: last.index }
  return probeAt(last.index + daysFrom(wanted, midnight), probes)
}

function probeAt(index: number, probes: readonly StampProbe[]): SearchStep {
  if (index < 1 || index > lastIndex || probes.some((probe) => probe.index === index)) {
    return { kind: 'failed', cause: 'no_freeze' }
  }
  return probes.length < maxProbes ? { kind: 'probe', index } : { kind: 'failed', cause: 'wrong_stamp' }
}

function daysFrom(earlier: Instant, later: Instant): number {
  return Math.round((later - earlier) / dayMs)
}
