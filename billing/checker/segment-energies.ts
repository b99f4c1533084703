import { checkBoundary } from './check-boundary.js'
import type { Counted } from './counted.js'
import { child, type Cursor, instant, text, whole } from './cursor.js'
import { Fault } from './fault.js'
import { add, compare, integer, multiply, type Rational, subtract, zero } from './rational.js'
import { registerNames, type Registers } from './registers.js'

const mostDigits = 12
/** A meter without freezes is read live, up to this long after the instant that the read serves. */
const liveToleranceMs = 15 * 60_000

/** Energies after the multiplier, total and tou1…tou4: (end − start) × multiplier, where a register that fell has rolled over once. */
export function segmentEnergies(segment: Cursor, counted: Counted, billEstimated: boolean): readonly Rational[] {
  const meter = child(segment, 'meter')
  for (const [end, border] of [
    ['start', 'from'],
    ['end', 'to'],
  ] as const)
    requireReadThere(child(segment, end), child(segment, border))
  const start = checkBoundary(child(segment, 'start'), { meter, counted }, billEstimated)
  const end = checkBoundary(child(segment, 'end'), { meter, counted }, billEstimated)
  const multiplier = integer(BigInt(whole(child(segment, 'multiplier'))))
  const range = integer(10n ** BigInt(whole(child(meter, 'registerDigits'), mostDigits)))
  return registerNames.map((_, index) => multiply(difference(start, end, index, range), multiplier))
}

function requireReadThere(boundary: Cursor, border: Cursor): void {
  const late = instant(child(boundary, 'at')) - instant(border)
  const tolerance = child(boundary, 'source').value === 'live' ? liveToleranceMs : 0
  if (late < 0 || late > tolerance) throw new Fault(border.path, text(child(boundary, 'at')), text(border))
}

function difference(start: Registers, end: Registers, index: number, range: Rational): Rational {
  const used = subtract(end[index] ?? zero, start[index] ?? zero)
  return compare(used, zero) < 0 ? add(used, range) : used
}
