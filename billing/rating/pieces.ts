import type { Component } from '../tariffs/components/component-schema.js'
import type { PeriodContext } from './context.js'
import type { Span } from './usage/local-time.js'

/** The parts of a span in which no fact (and no equipment) that a component asks for changes. */
export function piecesOf(component: Component, span: Span, { facts, equipment }: PeriodContext): readonly Span[] {
  const asked = askedFor(withoutMonthlyBounds(component))
  const cuts = [...facts.changesIn(asked.facts, span), ...(asked.equipment ? equipment.changesIn(span) : [])]
  const borders = [span.from, ...[...new Set(cuts)].sort((a, b) => a - b), span.to]
  return borders.slice(1).map((to, index) => ({ from: borders[index] ?? span.from, to }))
}

/** Bounds that are summed month by month look at the facts of each month themselves. */
function withoutMonthlyBounds(component: Component): unknown {
  if (component.kind !== 'usage') return component
  const { model } = component
  if (model.kind !== 'graduated' && model.kind !== 'volume') return component
  if (model.scope.times === 'once' || model.scope.times === 'days') return component
  return { ...component, model: { ...model, blocks: model.blocks.map((block) => ({ ...block, upTo: undefined })) } }
}

interface Asked {
  readonly facts: ReadonlySet<string>
  readonly equipment: boolean
}

function askedFor(node: unknown): Asked {
  const facts = new Set<string>()
  let equipment = false
  const visit = (inner: unknown): void => {
    if (inner === null || typeof inner !== 'object') return
    if ('name' in inner && typeof inner.name === 'string' && isFact(inner)) facts.add(inner.name)
    if ('op' in inner && inner.op === 'equipment') equipment = true
    for (const value of Object.values(inner)) visit(value)
  }
  visit(node)
  return { facts, equipment }
}

function isFact(node: object): boolean {
  return ('op' in node && node.op === 'fact') || ('is' in node && node.is === 'fact')
}
