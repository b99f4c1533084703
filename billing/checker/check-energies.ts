import { checkBoundary } from './check-boundary.js'
import { child, type Cursor, decimal, items, whole } from './cursor.js'
import { Fault, requireEqual } from './fault.js'
import { add, compare, integer, multiply, type Rational, subtract, zero } from './rational.js'
import { registerNames, type Registers } from './registers.js'

const mostDigits = 12

/**
 * Energy after the multiplier, total and tou1…tou4: Σ over segments of (end − start) × multiplier, where a register that fell has
 * rolled over once. Each must be what the determinant says.
 */
export function checkEnergies(proof: Cursor, billEstimated: boolean): readonly Rational[] {
  const segments = items(child(proof, 'segments'))
  if (segments.length === 0) throw new Fault('segments', 'at least one', 'none')
  const energies = segments
    .map((segment) => segmentEnergies(segment, billEstimated))
    .reduce((totals, part) => totals.map((total, index) => add(total, part[index] ?? zero)))
  const determinant = child(proof, 'determinant')
  for (const [index, name] of registerNames.entries()) {
    const stated = child(determinant, name)
    requireEqual(stated.path, energies[index] ?? zero, decimal(stated))
  }
  return energies
}

function segmentEnergies(segment: Cursor, billEstimated: boolean): readonly Rational[] {
  const meter = child(segment, 'meter')
  const start = checkBoundary(child(segment, 'start'), meter, billEstimated)
  const end = checkBoundary(child(segment, 'end'), meter, billEstimated)
  const multiplier = integer(BigInt(whole(child(segment, 'multiplier'))))
  const range = integer(10n ** BigInt(whole(child(meter, 'registerDigits'), mostDigits)))
  return registerNames.map((_, index) => multiply(difference(start, end, index, range), multiplier))
}

function difference(start: Registers, end: Registers, index: number, range: Rational): Rational {
  const used = subtract(end[index] ?? zero, start[index] ?? zero)
  return compare(used, zero) < 0 ? add(used, range) : used
}
