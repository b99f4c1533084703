import { compare, type Rational, show } from './rational.js'

/** The first node of a proof that does not hold. Thrown inside the checker, caught where the check began. */
export class Fault extends Error {
  readonly node: string
  readonly expected: string
  readonly found: string

  constructor(node: string, expected: string, found: string) {
    super(`${node}: expected ${expected}, found ${found}`)
    this.node = node
    this.expected = expected
    this.found = found
  }
}

export function requireSame(node: string, expected: string, found: string): void {
  if (expected !== found) throw new Fault(node, expected, found)
}

export function requireEqual(node: string, expected: Rational, found: Rational): void {
  if (compare(expected, found) !== 0) throw new Fault(node, show(expected), show(found))
}
