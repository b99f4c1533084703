import { checkEstimates } from './check-opening.js'
import { type Borne, checkRelations } from './check-relations.js'
import { child, type Cursor, decimal, instant, isAbsent, items } from './cursor.js'
import { Fault, requireEqual } from './fault.js'
import type { Parts } from './integer-parts.js'
import { add, type Rational, scaledInteger, zero } from './rational.js'
import { registerNames } from './registers.js'
import type { Stretch } from './relation-graph.js'
import { activeEnergy } from './counted.js'
import { segmentEnergies } from './segment-energies.js'

/** Energies of a bill after the multiplier, total and tou1…tou4. */
export interface CheckedEnergies {
  readonly billed: readonly Rational[]
  /** What the account's own meters counted, before relations and estimates; null for an account without a meter. */
  readonly measured: readonly Rational[] | null
  /** What relations give the account or take off it, by name. */
  readonly ofRelations: ReadonlyMap<string, readonly Rational[]>
}

/**
 * Energy after the multiplier, total and tou1…tou4: Σ over segments of (end − start) × multiplier, where a register that fell has
 * rolled over once; then what relations leave of it, less what the old books had billed without reading. Each must be what the
 * determinant says.
 */
export function checkEnergies(proof: Cursor, billEstimated: boolean): CheckedEnergies {
  const segments = items(child(proof, 'segments'))
  const relations = child(proof, 'relations')
  if (segments.length === 0 && isAbsent(relations)) throw new Fault('segments', 'at least one', 'none')
  const counted = segments.map((segment) => segmentEnergies(segment, activeEnergy, billEstimated))
  const measured = segments.length === 0 ? null : together(counted)
  const resolved = isAbsent(relations) ? null : borneBy(proof, relations, billEstimated)
  const borne = resolved === null ? (measured ?? []) : toEnergies(resolved.energies)
  const billed = checkEstimates(child(proof, 'opening'), segments, borne, measured ?? [])
  const determinant = child(proof, 'determinant')
  for (const [index, name] of registerNames.entries()) {
    const stated = child(determinant, name)
    requireEqual(stated.path, billed[index] ?? zero, decimal(stated))
  }
  const parts = [...(resolved?.parts ?? [])].map(([name, part]) => [name, toEnergies(part)] as const)
  return { billed, measured, ofRelations: new Map(parts) }
}

function together(counted: readonly (readonly Rational[])[]): readonly Rational[] {
  return counted.reduce((totals, part) => totals.map((total, index) => add(total, part[index] ?? zero)))
}

function borneBy(proof: Cursor, relations: Cursor, billEstimated: boolean): Borne {
  const stretchesOf = (segments: Cursor) => items(segments).map((segment) => toStretch(segment, billEstimated))
  return checkRelations(relations, stretchesOf(child(proof, 'segments')), stretchesOf, child(proof, 'bill'))
}

function toEnergies(parts: Parts): readonly Rational[] {
  return parts.map((part) => ({ numerator: part, denominator: 10_000n }))
}

function toStretch(segment: Cursor, billEstimated: boolean): Stretch {
  const scaled = segmentEnergies(segment, activeEnergy, billEstimated).map((energy) => scaledInteger(energy, 4))
  const [all, tou1, tou2, tou3, tou4] = scaled.map((energy) => {
    if (energy === null) throw new Fault(segment.path, 'energies of at most four decimals', 'finer ones')
    return energy
  })
  const energies: Parts = [all ?? 0n, tou1 ?? 0n, tou2 ?? 0n, tou3 ?? 0n, tou4 ?? 0n]
  return { from: instant(child(segment, 'from')), to: instant(child(segment, 'to')), energies }
}
