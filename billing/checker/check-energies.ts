import { checkEstimates } from './check-opening.js'
import { checkRelations } from './check-relations.js'
import { child, type Cursor, decimal, instant, isAbsent, items } from './cursor.js'
import { Fault, requireEqual } from './fault.js'
import type { Parts } from './integer-parts.js'
import { add, type Rational, scaledInteger, zero } from './rational.js'
import { registerNames } from './registers.js'
import type { Stretch } from './relation-graph.js'
import { activeEnergy } from './counted.js'
import { segmentEnergies } from './segment-energies.js'

/**
 * Energy after the multiplier, total and tou1…tou4: Σ over segments of (end − start) × multiplier, where a register that fell has
 * rolled over once; then what relations leave of it, less what the old books had billed without reading. Each must be what the
 * determinant says.
 */
export function checkEnergies(proof: Cursor, billEstimated: boolean): readonly Rational[] {
  const segments = items(child(proof, 'segments'))
  const relations = child(proof, 'relations')
  if (segments.length === 0 && isAbsent(relations)) throw new Fault('segments', 'at least one', 'none')
  const borne = isAbsent(relations)
    ? segments
        .map((segment) => segmentEnergies(segment, activeEnergy, billEstimated))
        .reduce((totals, part) => totals.map((total, index) => add(total, part[index] ?? zero)))
    : resolved(proof, relations, billEstimated)
  const energies = checkEstimates(child(proof, 'opening'), segments, borne, (segment) =>
    segmentEnergies(segment, activeEnergy, billEstimated),
  )
  const determinant = child(proof, 'determinant')
  for (const [index, name] of registerNames.entries()) {
    const stated = child(determinant, name)
    requireEqual(stated.path, energies[index] ?? zero, decimal(stated))
  }
  return energies
}

function resolved(proof: Cursor, relations: Cursor, billEstimated: boolean): readonly Rational[] {
  const stretchesOf = (segments: Cursor) => items(segments).map((segment) => toStretch(segment, billEstimated))
  const parts = checkRelations(relations, stretchesOf(child(proof, 'segments')), stretchesOf, child(proof, 'bill'))
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
