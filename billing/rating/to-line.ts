import { formatRational, isZero, multiply, type Rational, round, type Rounding, zero } from '../../domain/rational.js'
import type { Component } from '../tariffs/components/component-schema.js'
import type { Charge, ChargedLine, Step } from './charged-line.js'
import type { Frame } from './context.js'
import { roundedGain } from './rounded-gain.js'

/** A charge as a line of the bill: times its multiple, rounded once as the component or the version says. */
export function toLine(component: Component, charge: Charge, multiple: Rational, frame: Frame): ChargedLine {
  const { quantity, unitPrice } = charge
  const { version } = frame.segment
  const product =
    charge.exact ?? (quantity !== null && unitPrice !== null ? multiply(quantity, unitPrice) : { n: 0n, d: 1n })
  const amountExact = multiply(product, multiple)
  const rounding = component.rounding?.line ?? version.rounding.line
  const line = {
    ...frame.span,
    component: component.code,
    slot: charge.slot ?? null,
    block: charge.block ?? null,
    segment: frame.segment.number,
    quantity,
    unit: charge.unit,
    unitPrice,
    multiple,
    amountExact,
    version: version.version,
    included: charge.included ?? false,
  }
  const amount = rounding === undefined ? amountExact : rounded(line, rounding, frame)
  return { ...line, amount, steps: [...(charge.steps ?? []), lastStep(line, amount, rounding)] }
}

type Unrounded = Omit<ChargedLine, 'amount' | 'steps'>

/** With cumulative rounding a line takes what its rounded sum has gained. */
function rounded({ component, slot, block, amountExact }: Unrounded, rounding: Rounding, frame: Frame): Rational {
  if (isZero(amountExact)) return zero
  if (frame.segment.version.rounding.cumulative !== true) return round(amountExact, rounding)
  return roundedGain(
    frame.context.history,
    [component, slot ?? '', block ?? ''].join(' ').trimEnd(),
    amountExact,
    rounding,
  )
}

function lastStep(line: Unrounded, amount: Rational, rounding: Rounding | undefined): Step {
  const texts = {
    quantity: line.quantity === null ? undefined : formatRational(line.quantity),
    unitPrice: line.unitPrice === null ? undefined : formatRational(line.unitPrice),
    multiple: formatRational(line.multiple) === '1' ? undefined : formatRational(line.multiple),
    amountExact: formatRational(line.amountExact),
    rounding: rounding === undefined ? undefined : `${rounding.mode} ${rounding.decimals}`,
  }
  const inputs = Object.fromEntries(
    Object.entries(texts).filter((one): one is [string, string] => one[1] !== undefined),
  )
  return { rule: 'charge_line', inputs, result: formatRational(amount) }
}
