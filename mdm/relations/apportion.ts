import { invariant } from '../../domain/result.js'

/**
 * Splits a whole by weights into integers that add up to it: each part is cut down, and what is left goes one by one to those that lost
 * most by it, the earlier one first (largest remainder). Equal parts where all weights are zero. The whole and the weights are not negative.
 */
export function apportion(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  invariant(whole >= 0n && weights.every((weight) => weight >= 0n), 'what is split, and its weights, are not negative')
  invariant(whole === 0n || weights.length > 0, 'a whole is split among somebody')
  const sum = weights.reduce((total, weight) => total + weight, 0n)
  if (sum === 0n && weights.length > 0)
    return apportion(
      whole,
      weights.map(() => 1n),
    )
  const cut = weights.map((weight) => (whole * weight) / sum)
  const left = Number(whole - cut.reduce((total, part) => total + part, 0n))
  const raised = new Set(
    weights
      .map((weight, place) => ({ place, rest: (whole * weight) % sum }))
      .toSorted((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest < b.rest ? 1 : -1))
      .slice(0, left)
      .map(({ place }) => place),
  )
  return cut.map((part, place) => part + (raised.has(place) ? 1n : 0n))
}
