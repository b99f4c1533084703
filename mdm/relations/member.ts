import type { Energies } from '../determinants/determinant.js'
import type { Instant } from '../../domain/time.js'
import { noEnergy, plus } from './energies.js'

/** What an account used over [from, to), between two readings; after the multiplier. */
export interface Stretch {
  readonly from: Instant
  readonly to: Instant
  readonly energies: Energies
}
/** A usage point in a group of related ones, with what its own meter measured for its accounts. */
export interface Member {
  readonly usagePointId: bigint
  readonly accountIds: readonly bigint[]
  /** In order of time; null where an account's own quantity is in doubt, or nothing measures here. */
  readonly stretches: readonly Stretch[] | null
}

/**
 * Energies over [from, to). Null where a stretch reaches over either end, for nothing was read there, or where some of the time is not
 * measured.
 */
export function energiesWithin(stretches: readonly Stretch[], from: Instant, to: Instant): Energies | null {
  let measuredMs = 0
  let energies = noEnergy
  for (const stretch of stretches) {
    if (stretch.to <= from || stretch.from >= to) continue
    if (stretch.from < from || stretch.to > to) return null
    measuredMs += stretch.to - stretch.from
    energies = plus(energies, stretch.energies)
  }
  return measuredMs === to - from ? energies : null
}

/** Whether stretches measure all of [from, to). */
export function covers(stretches: readonly Stretch[], from: Instant, to: Instant): boolean {
  const within = stretches.map((stretch) => Math.max(0, Math.min(stretch.to, to) - Math.max(stretch.from, from)))
  return within.reduce((sum, length) => sum + length, 0) === to - from
}
