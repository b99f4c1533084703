import { sameRegisters } from '../../domain/same-registers.js'
import type { MeterId } from '../../domain/reading.js'
import type { UsageClass } from '../../domain/usage-class.js'
import { findSwaps } from './find-swaps.js'
import type { RuleLimits } from './policy.js'
import type { Candidate, Neighbours } from './rule.js'
import { usageOf } from './usage-of.js'
import { medianOf } from './usage-history.js'

export const noNeighbours: Neighbours = { trendPermille: null, swappedWith: null, sameAs: null }

/** A candidate before anybody looked at its neighbours, and the limits of its class. */
export interface Neighbour {
  readonly candidate: Candidate
  readonly limits: RuleLimits
}

/** What candidates of one quantity, area and instant say of each other, in their order. */
export function meetNeighbours(all: readonly Neighbour[]): readonly Neighbours[] {
  if (all.length < 2) return all.map(() => noNeighbours)
  const trends = trendsOf(all)
  const swaps = findSwaps(all)
  const duplicates = findDuplicates(all.map(({ candidate }) => candidate))
  return all.map(({ candidate }) => ({
    trendPermille: trends.get(classOf(candidate)) ?? null,
    swappedWith: swaps.get(candidate.meter.meterId) ?? null,
    sameAs: duplicates.get(candidate.meter.meterId) ?? null,
  }))
}

export function classOf({ supply }: Pick<Candidate, 'supply'>): UsageClass {
  return supply?.usageClass ?? 'residential'
}

function trendsOf(all: readonly Neighbour[]): ReadonlyMap<UsageClass, bigint> {
  const ratios = new Map<UsageClass, bigint[]>()
  let leastMeters = 0
  for (const { candidate, limits } of all) {
    const ratio = ratioOf(candidate, limits)
    if (ratio === null) continue
    leastMeters = Math.max(leastMeters, limits.peers.leastMeters)
    const known = ratios.get(classOf(candidate))
    if (known === undefined) ratios.set(classOf(candidate), [ratio])
    else known.push(ratio)
  }
  return new Map(
    [...ratios].flatMap(([usageClass, known]) =>
      known.length < leastMeters ? [] : [[usageClass, medianOf(BigInt64Array.from(known))] as const],
    ),
  )
}

function ratioOf(candidate: Candidate, limits: RuleLimits): bigint | null {
  if (candidate.history.days < limits.leastHistoryDays) return null
  const usualE4 = candidate.history.medianE4
  const usageE4 = usualE4 > 0n ? usageOf(candidate, limits) : null
  return usageE4 === null ? null : (usageE4 * 1000n) / usualE4
}

/** Fewer registers than this that count anything may agree by chance. */
const leastTellingRegisters = 3

/**
 * Meters whose whole register set is another one's: at once where three registers or more agree, otherwise when the value before did
 * so, too, and something was counted since.
 */
export function findDuplicates(candidates: readonly Candidate[]): ReadonlyMap<MeterId, MeterId> {
  const byTotal = new Map<bigint, Candidate[]>()
  const found = new Map<MeterId, MeterId>()
  for (const candidate of candidates) {
    const { totalE4 } = candidate.chosen.registers
    const others = totalE4 === 0n ? [] : (byTotal.get(totalE4) ?? [])
    const other = others.find((each) => isSameSeries(each, candidate))
    if (other !== undefined) {
      found.set(candidate.meter.meterId, other.meter.meterId)
      found.set(other.meter.meterId, found.get(other.meter.meterId) ?? candidate.meter.meterId)
    }
    if (others.length === 0) byTotal.set(totalE4, [candidate])
    else others.push(candidate)
  }
  return found
}

function isSameSeries(a: Candidate, b: Candidate): boolean {
  const { registers } = a.chosen
  if (!sameRegisters(registers, b.chosen.registers)) return false
  const telling = registers.touE4.filter((value) => value !== null && value > 0n).length
  if (telling >= leastTellingRegisters) return true
  if (a.previous === null || b.previous === null || a.previous.readAt !== b.previous.readAt) return false
  return sameRegisters(a.previous.registers, b.previous.registers) && a.previous.registers.totalE4 !== registers.totalE4
}
