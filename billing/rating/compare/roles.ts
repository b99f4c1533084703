import { parseRational } from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import type { Component } from '../../tariffs/components/component-schema.js'
import type { Expression } from '../../tariffs/components/expression-schema.js'
import { isStock } from '../usage/quantities.js'
import type { Documents, Factor } from './factors.js'

/** `energy` adds up and has a total and a mix; `reactive` belongs to the power factor; the others are levels, which no number of days changes. */
export type QuantityRole = 'energy' | 'reactive' | 'power_factor' | 'demand'

/** Which factor a name of two documents belongs to. Both sides answer alike, so that nothing is taken over twice or never. */
export interface Roles {
  readonly ofQuantity: (name: string) => QuantityRole
  /** The active energy whose power factor a reactive one makes. */
  readonly activeOf: (reactive: string) => string
  readonly ofFact: (name: string) => Factor
}

export function rolesOf(sides: readonly Documents[]): Roles {
  const components = sides.flatMap(({ tariff }) => tariff.versions.flatMap((version) => version.components))
  const adjustments = sides.flatMap(({ usage }) => usage.periods.flatMap((period) => period.adjustments))
  const levels = levelNames(sides)
  const adjusted = [...components, ...adjustments].filter((one) => one.kind === 'power_factor')
  const given = new Set(adjusted.flatMap((one) => (one.given === undefined ? [] : quantitiesIn(one.given))))
  const active = new Map([
    ['reactive', 'energy'],
    ...adjusted.flatMap((one) =>
      quantitiesIn(one.reactive).map((name) => [name, quantitiesIn(one.active)[0] ?? 'energy'] as const),
    ),
  ])
  const facts = factRoles(components, adjustments)
  return {
    ofQuantity: (name) => {
      if (levels.has(name)) return 'demand'
      if (given.has(name)) return 'power_factor'
      return active.has(name) ? 'reactive' : 'energy'
    },
    activeOf: (reactive) => active.get(reactive) ?? 'energy',
    ofFact: (name) => facts.get(name) ?? 'correction',
  }
}

function levelNames(sides: readonly Documents[]): ReadonlySet<string> {
  const periods = sides.flatMap(({ usage }) => usage.periods)
  const given = periods.flatMap(({ quantities }) => quantities.filter((entry) => 'value' in entry && isStock(entry)))
  return new Set(['demand', ...given.map(({ name }) => name), ...periods.flatMap(({ demands }) => demands.map(nameOf))])
}

function nameOf({ name }: { readonly name: string }): string {
  return name
}

/** Names that an expression computes from, in sums and products. */
function quantitiesIn(expression: Expression): readonly string[] {
  if (typeof expression === 'string') return parseRational(expression) === null ? [expression] : []
  if (expression.op === 'quantity') return [expression.name]
  if (expression.op === 'round') return quantitiesIn(expression.of)
  return isCombination(expression) ? expression.of.flatMap(quantitiesIn) : []
}

const combinations: ReadonlySet<string> = new Set(['add', 'subtract', 'multiply', 'divide', 'max', 'min'])

function isCombination(
  operation: Exclude<Expression, string>,
): operation is Extract<Expression, { readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min' }> {
  return combinations.has(operation.op)
}

/** A fact that several parts ask for belongs to the first of these. */
const precedence: readonly Factor[] = ['block', 'power_factor', 'demand', 'quantity', 'correction', 'price']

function factRoles(components: readonly Component[], adjustments: readonly Component[]): ReadonlyMap<string, Factor> {
  const found = new Map<string, Factor>()
  const add = (factor: Factor, name: string) => {
    const before = found.get(name)
    if (before === undefined || precedence.indexOf(factor) < precedence.indexOf(before)) found.set(name, factor)
  }
  for (const [factor, part] of components.flatMap(partsOf)) for (const name of factsIn(part)) add(factor, name)
  for (const adjustment of adjustments) for (const name of factsIn(adjustment)) add('correction', name)
  return found
}

/** What of a component asks on behalf of which factor. Whatever is left chooses a price, or whether there is one. */
function partsOf(component: Component): readonly (readonly [Factor, unknown])[] {
  switch (component.kind) {
    case 'usage': {
      const { quantity, share, convert, atLeast, free, model, unit } = component
      const blocks = 'blocks' in model ? model.blocks.map(({ upTo, size }) => [upTo, size]) : []
      const asked: Factor = isStock({ name: '', unit }) ? 'demand' : 'quantity'
      return [
        [asked, [quantity, share, convert, atLeast]],
        ['block', [free, blocks, 'chosenBy' in model ? model.chosenBy : undefined]],
        ['price', component],
      ]
    }
    case 'fixed':
      return [
        ['demand', component.quantity],
        ['price', component],
      ]
    case 'power_factor':
      return [
        ['power_factor', [component.active, component.reactive, component.given]],
        ['price', component],
      ]
    case 'minimum':
    case 'maximum':
    case 'amount':
      return [
        ['demand', component.amount],
        ['price', component],
      ]
    case 'percentage':
    case 'credit':
      return [['price', component]]
    default:
      return unreachable(component)
  }
}

/** Names of all facts that an expression or condition anywhere inside asks for. */
function factsIn(node: unknown): readonly string[] {
  if (node === null || typeof node !== 'object') return []
  const inner = Object.values(node).flatMap(factsIn)
  const asks = ('op' in node && node.op === 'fact') || ('is' in node && node.is === 'fact')
  return asks && 'name' in node && typeof node.name === 'string' ? [node.name, ...inner] : inner
}
