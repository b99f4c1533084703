import {
  add,
  divide,
  isZero,
  largest,
  multiply,
  parseRational,
  type Rational,
  round,
  smallest,
  subtract,
} from '../../../domain/rational.js'
import type { Expression } from './expression-schema.js'

/** What an expression of constants alone comes to; null for any other, and for one that has no value. */
export function constant(expression: Expression): Rational | null {
  if (typeof expression === 'string') return parseRational(expression)
  if (expression.op === 'round') {
    const inner = constant(expression.of)
    return inner === null ? null : round(inner, expression.to)
  }
  const { op } = expression
  if (op !== 'add' && op !== 'subtract' && op !== 'multiply' && op !== 'divide' && op !== 'max' && op !== 'min')
    return null
  const [first, ...others] = expression.of.map(constant)
  if (first === undefined || first === null) return null
  return others.reduce((total, value) => (total === null || value === null ? null : combine(op, total, value)), first)
}

function combine(
  op: 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min',
  a: Rational,
  b: Rational,
): Rational | null {
  if (op === 'divide') return isZero(b) ? null : divide(a, b)
  return { add, subtract, multiply, max: largest, min: smallest }[op](a, b)
}
