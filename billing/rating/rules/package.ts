import type { Model } from '../../tariffs/components/component-schema.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { graduated } from './graduated.js'
import type { PricedUsage } from './slot-quantities.js'

/** Each started package at the price of a whole one: a single block, sold in packages. */
export function packages(
  { size, price, scope }: Model & { kind: 'package' },
  usage: PricedUsage,
  frame: Frame,
  component: string,
): readonly Charge[] {
  const charges = graduated(
    {
      kind: 'graduated',
      blocks: [{ size, price }],
      scope,
      sharing: 'per_slot',
      flatAtZero: false,
      upperBound: 'included',
    },
    usage,
    frame,
    component,
  )
  return charges.map((charge) => ({ ...charge, block: null }))
}
