import { invariant } from './result.js'

/** Upper ends of the buckets in which round trips are counted, in milliseconds; what took longer than the last counts in it. */
export const roundTripBoundsMs = [50, 100, 200, 300, 500, 1000, 2000, 5000, 15_000, 60_000] as const

/** The bucket of a round trip. */
export function roundTripBucket(tookMs: number): number {
  const bucket = roundTripBoundsMs.findIndex((bound) => tookMs <= bound)
  return bucket === -1 ? roundTripBoundsMs.length - 1 : bucket
}

/**
 * The bound within which `share` of the round trips lie; null where nothing was counted.
 * @param counts one for each bound.
 */
export function roundTripQuantileMs(counts: readonly number[], share: number): number | null {
  invariant(counts.length === roundTripBoundsMs.length, 'a count for each bound')
  const total = counts.reduce((sum, count) => sum + count, 0)
  let within = 0
  for (const [bucket, bound] of roundTripBoundsMs.entries()) {
    within += counts[bucket] ?? 0
    if (total > 0 && within >= share * total) return bound
  }
  return null
}
