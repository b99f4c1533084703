import { compare, zero } from '../../../domain/rational.js'
import type { Block, Component } from './component-schema.js'
import { constant } from './constant-expression.js'
import type { Expression } from './expression-schema.js'

export type PriceDefectKind = 'negative_price' | 'size_not_positive'

/** A constant that is below what it may be; `where` is the place in the file. */
export interface PriceDefect {
  readonly kind: PriceDefectKind
  readonly where: string
  readonly message: string
}

interface Priced extends Pick<Block, 'price' | 'prices'> {
  readonly path: string
  /** A block may go without a price, a model may not. */
  readonly isNeeded: boolean
}

/** Prices by slot or for all slots, with their place in the component. */
export function pricesOf({ model }: Component & { kind: 'usage' }): readonly Priced[] {
  if (model.kind === 'per_unit') return [{ ...model, path: 'model', isNeeded: true }]
  if (model.kind !== 'graduated' && model.kind !== 'volume') return []
  return model.blocks.map(({ price, prices }, index) => ({
    price,
    prices,
    path: `model.blocks.${index}`,
    isNeeded: false,
  }))
}

interface Cell {
  readonly value: Expression | undefined
  readonly path: string
}

/** Constants only: what is computed is looked at when it is. */
export function negativePrices(component: Component, where: string): readonly PriceDefect[] {
  return pricedCells(component)
    .filter(({ value }) => sign(value) < 0)
    .map(({ path }) => ({
      kind: 'negative_price',
      where: `${where}.${path}`,
      message: 'a negative price is a slip, unless the tariff says mayBeNegative',
    }))
}

/** Packages that hold nothing, or less. */
export function emptySizes(component: Component, where: string): readonly PriceDefect[] {
  if (component.kind !== 'usage') return []
  const { model } = component
  const sizes: readonly Cell[] =
    model.kind === 'package'
      ? [{ value: model.size, path: 'model.size' }]
      : 'blocks' in model
        ? model.blocks.map(({ size }, index) => ({ value: size, path: `model.blocks.${index}.size` }))
        : []
  return sizes
    .filter(({ value }) => sign(value) <= 0)
    .map(({ path }) => ({
      kind: 'size_not_positive',
      where: `${where}.${path}`,
      message: 'a package holds more than nothing',
    }))
}

function pricedCells(component: Component): readonly Cell[] {
  if (component.kind === 'fixed') return [{ value: component.price, path: 'price' }]
  if (component.kind !== 'usage') return []
  const { model } = component
  if (model.kind === 'package') return [{ value: model.price, path: 'model.price' }]
  if (model.kind === 'per_event')
    return [
      { value: model.price, path: 'model.price' },
      { value: model.flat, path: 'model.flat' },
    ]
  const flats = 'blocks' in model ? model.blocks.map(({ flat }, index) => ({ flat, index })) : []
  return [
    ...pricesOf(component).flatMap(({ price, prices, path }) => [
      { value: price, path: `${path}.price` },
      ...Object.entries(prices ?? {}).map(([slot, value]) => ({ value, path: `${path}.prices.${slot}` })),
    ]),
    ...flats.map(({ flat, index }) => ({ value: flat, path: `model.blocks.${index}.flat` })),
  ]
}

/** That of a constant; 1 for anything else, which nobody can tell yet. */
function sign(value: Expression | undefined): -1 | 0 | 1 {
  const known = value === undefined ? null : constant(value)
  return known === null ? 1 : compare(known, zero)
}
