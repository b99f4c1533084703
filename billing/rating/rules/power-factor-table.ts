import {
  compare,
  divide,
  formatRational,
  multiply,
  negate,
  rational,
  type Rational,
  smallest,
  subtract,
  zero,
} from '../../../domain/rational.js'
import type { PowerFactorComponent } from '../../tariffs/components/component-schema.js'
import { refuse } from '../refusal.js'
import { exact } from '../usage/register-quantity.js'

type Table = PowerFactorComponent['table']
type Standard = '0.90' | '0.85' | '0.80'

/** Percent that a power factor adds to its base; negative for a reward. */
export function adjustmentPercent(table: Table, factor: Rational, path: string): Rational {
  if ('standard' in table) return standardPercent(table.standard, factor)
  if ('rows' in table) {
    const row = table.rows.findLast(({ from }) => compare(factor, exact(from)) >= 0)
    return row === undefined
      ? refuse('power_factor_out_of_table', `${path}.table.rows`, `no row reaches down to ${formatRational(factor)}`)
      : exact(row.percent)
  }
  const distance = subtract(exact(table.target), factor)
  const steps = startedSteps(distance, exact(table.step))
  if (compare(steps, zero) >= 0) return multiply(steps, exact(table.below))
  const reward = multiply(negate(steps), exact(table.above))
  return negate(table.most === undefined ? reward : smallest(reward, exact(table.most)))
}

/** Whole steps; a started one counts when the factor is below the target, only a full one above it. */
function startedSteps(distance: Rational, step: Rational): Rational {
  const { n, d } = divide(distance, step)
  const whole = n / d
  return rational(n % d === 0n || n < 0n ? whole : whole + 1n)
}

/** Hundredths of the power factor, and hundredths of a percent for each of them from there down to the next. */
type Band = readonly [downTo: number, perHundredth: number]

/**
 * Below the standard: 0.5 % for each 0.01 over twenty of them, 1 % over the next five, then 2 %.
 * Above: 0.10 % for each 0.01 up to 0.90, then 0.15 %, no more after 0.95 (0.94 for 0.85, 0.92 for 0.80).
 * Source: 《功率因数调整电费办法》, billing-rules 5.1.
 */
const standards = {
  '0.90': { standard: 90, best: 95 },
  '0.85': { standard: 85, best: 94 },
  '0.80': { standard: 80, best: 92 },
} as const satisfies Record<Standard, { readonly standard: number; readonly best: number }>

function standardPercent(name: Standard, factor: Rational): Rational {
  const { standard, best } = standards[name]
  const hundredths = Number((factor.n * 100n) / factor.d)
  const basisPoints =
    hundredths >= standard
      ? -above(standard, Math.min(hundredths, best))
      : walk(standard, hundredths, [
          [standard - 20, 50],
          [standard - 25, 100],
          [0, 200],
        ])
  return rational(BigInt(basisPoints), 100n)
}

function above(standard: number, hundredths: number): number {
  const upTo90 = Math.max(0, Math.min(hundredths, 90) - standard)
  return upTo90 * 10 + Math.max(0, hundredths - 90) * 15
}

function walk(from: number, to: number, bands: readonly Band[]): number {
  let [reached, sum] = [from, 0]
  for (const [downTo, perHundredth] of bands) {
    const end = Math.max(downTo, to)
    sum += Math.max(0, reached - end) * perHundredth
    reached = Math.min(reached, end)
  }
  return sum
}
