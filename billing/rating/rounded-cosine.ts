import { add, divide, isZero, multiply, type Rational, rational } from '../../domain/rational.js'

/** P ÷ √(P² + Q²) half up to so many decimals, by whole numbers alone; null where both are zero. */
export function roundedCosine(active: Rational, reactive: Rational, decimals: number): Rational | null {
  const square = add(multiply(active, active), multiply(reactive, reactive))
  if (isZero(square)) return null
  const scale = 10n ** BigInt(decimals)
  // (2k − 1) ÷ (2 · scale) ≤ cos φ holds for the largest k exactly where (2k − 1)² ≤ 4 · scale² · P² ÷ (P² + Q²).
  const { n, d } = divide(multiply(rational(4n * scale * scale), multiply(active, active)), square)
  const odd = squareRoot(n / d)
  return rational((odd + 1n) / 2n, scale)
}

/** Largest whole number whose square is no more. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next
  return root
}
