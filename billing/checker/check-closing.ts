import { child, type Cursor, decimal, fraction, isAbsent, items, text } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { type Rational, zero } from './rational.js'

/**
 * The state that a bill under a tariff of components leaves to the next one: what is stored is what rating once more leaves, and what the
 * bill says of its ladder is what the yearly counter holds.
 */
export function checkClosing(proof: Cursor, rated: Cursor, last: Cursor): void {
  const [stored, closing] = [child(proof, 'closing'), child(rated, 'closing')]
  // Proofs made before say nothing of what is stored.
  if (stored.value !== undefined) requireAlike(stored, closing)
  const ladder = child(child(proof, 'bill'), 'ladderEnergy')
  requireEqual(ladder.path, yearlyEnergy(last, closing), decimal(ladder))
}

/** Names the first member that differs. */
function requireAlike(found: Cursor, expected: Cursor): void {
  if (Array.isArray(expected.value) && Array.isArray(found.value)) {
    const [all, stated] = [items(expected), items(found)]
    requireSame(found.path, `${all.length} of them`, `${stated.length} of them`)
    for (const [index, one] of stated.entries()) requireAlike(one, all[index] ?? one)
  } else if (isObject(expected.value) && isObject(found.value)) {
    const names = [...new Set([...Object.keys(expected.value), ...Object.keys(found.value)])].toSorted()
    for (const name of names) requireAlike(child(found, name), child(expected, name))
  } else if (expected.value !== found.value) throw new Fault(found.path, shown(expected.value), shown(found.value))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

/** kWh, cut to e4, of the first component whose blocks fill over a year, all slots together. */
function yearlyEnergy(version: Cursor, closing: Cursor): Rational {
  const yearly = items(child(version, 'components')).find((component) => {
    if (child(component, 'kind').value !== 'usage') return false
    const scope = child(child(component, 'model'), 'scope')
    return !isAbsent(scope) && child(scope, 'of').value === 'year'
  })
  if (yearly === undefined) return zero
  const code = text(child(yearly, 'code'))
  const counter = items(child(closing, 'blocks')).find(
    (one) => child(one, 'component').value === code && isAbsent(child(one, 'slot')),
  )
  if (counter === undefined) return zero
  const { numerator, denominator } = fraction(child(counter, 'used'))
  return { numerator: (numerator * 10_000n) / denominator, denominator: 10_000n }
}
