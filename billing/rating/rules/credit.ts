import {
  add,
  formatRational,
  isZero,
  largest,
  multiply,
  negate,
  rational,
  type Rational,
  round,
  smallest,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { CreditComponent } from '../../tariffs/components/component-schema.js'
import { basesOf, putByOf } from '../bases.js'
import type { Charge, Step } from '../charged-line.js'
import type { Frame } from '../context.js'
import { dates, evaluate, holds } from '../evaluate.js'
import { lastDay } from '../months.js'
import { instanceAt } from '../scope.js'

/**
 * Money that is put by pays for other components of the period, as far as it reaches; what is left goes on to the next bill, until its scope
 * ends or it is paid out. What comes in is rounded as a line of the component, so that the balance is money.
 */
export function creditCharge(component: CreditComponent, frame: Frame): readonly Charge[] {
  const { code, of, most, payOut } = component
  const scope = scopeOf(component, frame)
  const before = frame.context.counters.creditOf(code, scope.from)
  const earned = earnedBy(component, frame)
  const balance = add(before, earned)
  const charged = sum(basesOf(frame, of, 'period').map(({ amount }) => amount))
  const limit = most === undefined ? charged : smallest(charged, roundedAsLine(component, evaluate(most, frame), frame))
  const applied = largest(zero, smallest(limit, balance))
  const left = subtract(balance, applied)
  const isPaidOut = payOut !== undefined && holds(payOut.when, frame)
  const paidOut = isPaidOut ? roundedAsLine(component, multiply(left, evaluate(payOut.share, frame)), frame) : zero
  const closing = isPaidOut ? zero : left
  frame.context.counters.setCredit(code, scope.from, closing, scope.to)
  report(frame, `${code}_earned`, earned)
  report(frame, `${code}_balance`, closing)
  const steps = frame.context.explained ? [explain({ before, earned, charged, applied, closing })] : []
  return [
    { quantity: rational(1n), unit: '1', unitPrice: negate(applied), steps },
    { quantity: rational(1n), unit: 'paid out', unitPrice: negate(paidOut), steps: isZero(applied) ? steps : [] },
  ]
}

/** First day of the time that a balance is kept for, and the first after it; a balance without an end is of no day. */
function scopeOf({ scope }: CreditComponent, frame: Frame): { readonly from: string; readonly to: string | null } {
  return scope === undefined ? { from: '', to: null } : instanceAt(scope, lastDay(dates(frame, frame.context.span)))
}

function earnedBy(component: CreditComponent, frame: Frame): Rational {
  const { earns, earned } = component
  const putBy = earns === undefined ? zero : putByOf(frame, earns)
  const granted = earned === undefined ? zero : evaluate(earned, frame)
  return roundedAsLine(component, add(putBy, granted), frame)
}

function roundedAsLine({ rounding }: CreditComponent, amount: Rational, { segment }: Frame): Rational {
  const rule = rounding?.line ?? segment.version.rounding.line
  return rule === undefined ? amount : round(amount, rule)
}

function report({ context }: Frame, name: string, value: Rational): void {
  context.derived.set(`${name} `, { name, slot: null, value })
}

function explain(parts: Readonly<Record<'before' | 'earned' | 'charged' | 'applied' | 'closing', Rational>>): Step {
  const { closing, ...inputs } = parts
  return {
    rule: 'credit_balance',
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, formatRational(value)])),
    result: formatRational(closing),
  }
}
