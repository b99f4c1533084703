import { add, integer, multiply, type Rational } from '../rational.js'

/**
 * cos φ = P ÷ √(P² + Q²), rounded half up to so many decimals: the greatest number of them, less half of the last one, that is no greater; found
 * by halving. Null where there is neither active nor reactive energy.
 */
export function roundedPowerFactor(active: Rational, reactive: Rational, decimals: number): Rational | null {
  const ofActive = multiply(active, active)
  const ofBoth = add(ofActive, multiply(reactive, reactive))
  if (ofBoth.numerator === 0n) return null
  const scale = 10n ** BigInt(decimals)
  // (2k − 1) ÷ (2 · scale) ≤ cos φ, squared.
  const isReached = (k: bigint): boolean => {
    const odd = 2n * k - 1n
    const left = multiply(integer(odd * odd), ofBoth)
    const right = multiply(integer(4n * scale * scale), ofActive)
    return left.numerator * right.denominator <= right.numerator * left.denominator
  }
  let [reached, beyond] = [0n, scale + 1n]
  while (beyond - reached > 1n) {
    const middle = (reached + beyond) / 2n
    if (isReached(middle)) reached = middle
    else beyond = middle
  }
  return { numerator: reached, denominator: scale }
}
