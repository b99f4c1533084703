import { compare, divide, formatRational, rational, type Rational, round, sum, zero } from '../../../domain/rational.js'
import type { PowerFactorComponent } from '../../tariffs/components/component-schema.js'
import { basesOf } from '../bases.js'
import type { Charge, Step } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { roundedCosine } from '../rounded-cosine.js'
import { adjustmentPercent } from './power-factor-table.js'

/**
 * Adjustment by power factor (力调): so many percent of the base. cos φ of active and reactive energy is rounded half up first, exactly; where
 * there is neither, nothing is adjusted.
 * Source: billing-rules 5.1.
 */
export function powerFactorCharge(component: PowerFactorComponent, frame: Frame): readonly Charge[] {
  const factor = factorOf(component, frame)
  if (factor === null) return []
  frame.context.derived.set('power_factor', { name: 'power_factor', slot: null, value: factor })
  const percent = adjustmentPercent(component.table, factor, frame.path)
  const base = sum(
    basesOf(frame, component.of, 'segment').map((one) => (component.takes === 'exact' ? one.exact : one.amount)),
  )
  return [
    {
      quantity: base,
      unit: frame.context.currency,
      unitPrice: divide(percent, rational(100n)),
      steps: frame.context.explained ? [explain(factor, percent)] : [],
    },
  ]
}

function explain(factor: Rational, percent: Rational): Step {
  return {
    rule: 'power_factor',
    inputs: { powerFactor: formatRational(factor) },
    result: `${formatRational(percent)} %`,
  }
}

function factorOf({ given, active, reactive, decimals }: PowerFactorComponent, frame: Frame): Rational | null {
  if (given !== undefined) {
    const factor = evaluate(given, frame)
    if (compare(factor, zero) < 0 || compare(factor, rational(1n)) > 0)
      return refuse('power_factor_out_of_range', frame.path, `a power factor of ${formatRational(factor)}`)
    return round(factor, { mode: 'half_up', decimals })
  }
  return roundedCosine(evaluate(active, frame), evaluate(reactive, frame), decimals)
}
