import { isZero } from '../../../domain/rational.js'
import type { Component } from './component-schema.js'
import { constant } from './constant-expression.js'
import type { Expression } from './expression-schema.js'

export type ExpressionDefectKind = 'division_by_zero' | 'base_unknown'

/** An expression that no usage could make sound; `where` is the place in the file. */
export interface ExpressionDefect {
  readonly kind: ExpressionDefectKind
  readonly where: string
  readonly message: string
}

/**
 * Expressions anywhere in a component that divide by a constant zero, or ask for the amount of a component that none before it is: it would
 * have charged nothing yet. What a usage decides is looked at when it is rated.
 */
export function checkExpressions(
  component: Component,
  before: readonly Component[],
  where: string,
): readonly ExpressionDefect[] {
  return [...nodesOf(component, where)].flatMap(({ node, where: place }): readonly ExpressionDefect[] => {
    if (node.op === 'divide')
      return node.of.flatMap((divisor, index) => {
        const value = index === 0 ? null : constant(divisor)
        return value === null || !isZero(value)
          ? []
          : [{ kind: 'division_by_zero', where: `${place}.of.${index}`, message: 'this divisor is always zero' }]
      })
    if (node.op !== 'amount') return []
    return node.of.flatMap((name, index) =>
      isNamed(name, before)
        ? []
        : [
            {
              kind: 'base_unknown',
              where: `${place}.of.${index}`,
              message: `no component before this one is ${name}`,
            } as const,
          ],
    )
  })
}

/** Whether a code, or a `#tag`, is one of these components. */
export function isNamed(name: string, components: readonly Component[]): boolean {
  return name.startsWith('#')
    ? components.some(({ tags }) => tags?.includes(name.slice(1)) ?? false)
    : components.some(({ code }) => code === name)
}

type Operation = Exclude<Expression, string>

function* nodesOf(part: unknown, where: string): Generator<{ readonly node: Operation; readonly where: string }> {
  if (part === null || typeof part !== 'object') return
  if ('op' in part) yield { node: part as Operation, where }
  for (const [key, inner] of Object.entries(part)) yield* nodesOf(inner, `${where}.${key}`)
}
