import {
  formatRational,
  isOne,
  isZero,
  multiply,
  type Rational,
  round,
  type Rounding,
  zero,
} from '../../domain/rational.js'
import type { Component } from '../tariffs/components/component-schema.js'
import { isPutBy } from './bases.js'
import type { Charge, ChargedLine, Step } from './charged-line.js'
import type { Frame } from './context.js'
import { roundedGain } from './rounded-gain.js'

/** A charge as a line of the bill: times its multiple, rounded once as the component or the version says. */
export function toLine(component: Component, charge: Charge, multiple: Rational, frame: Frame): ChargedLine {
  const { quantity, unitPrice, slot = null, block = null } = charge
  const { span, segment, context } = frame
  const product = charge.exact ?? (quantity !== null && unitPrice !== null ? multiply(quantity, unitPrice) : zero)
  const amountExact = multiply(product, multiple)
  const rounding = component.rounding?.line ?? segment.version.rounding.line
  const name = [component.code, slot ?? '', block ?? ''] as const
  const line = {
    from: span.from,
    to: span.to,
    component: component.code,
    slot,
    block,
    segment: segment.number,
    quantity,
    unit: charge.unit,
    unitPrice,
    multiple,
    amountExact,
    // What is paid from a balance is money already.
    amount:
      rounding === undefined || component.kind === 'credit' ? amountExact : rounded(amountExact, rounding, name, frame),
    version: segment.version.version,
    included: charge.included === true || isPutBy(context, component),
    steps: none,
  }
  return context.explained ? { ...line, steps: [...(charge.steps ?? []), lastStep(line, rounding)] } : line
}

const none: readonly Step[] = []

/** With cumulative rounding a line takes what its rounded sum has gained. */
function rounded(
  amountExact: Rational,
  rounding: Rounding,
  name: readonly (string | number)[],
  { segment, context }: Frame,
): Rational {
  if (isZero(amountExact)) return zero
  if (segment.version.rounding.cumulative !== true) return round(amountExact, rounding)
  return roundedGain(context.history, name.join(' ').trimEnd(), amountExact, rounding)
}

function lastStep(line: Omit<ChargedLine, 'steps'>, rounding: Rounding | undefined): Step {
  const texts = {
    quantity: line.quantity === null ? undefined : formatRational(line.quantity),
    unitPrice: line.unitPrice === null ? undefined : formatRational(line.unitPrice),
    multiple: isOne(line.multiple) ? undefined : formatRational(line.multiple),
    amountExact: formatRational(line.amountExact),
    rounding: rounding === undefined ? undefined : `${rounding.mode} ${rounding.decimals}`,
  }
  const inputs = Object.fromEntries(
    Object.entries(texts).filter((text): text is [string, string] => text[1] !== undefined),
  )
  return { rule: 'charge_line', inputs, result: formatRational(line.amount) }
}
