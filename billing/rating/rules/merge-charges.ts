import { add, formatRational, zero } from '../../../domain/rational.js'
import type { Charge } from '../charged-line.js'

/** Days and the like share a line per slot, block, unit and price. */
export function mergeCharges(charges: readonly Charge[]): readonly Charge[] {
  if (charges.length < 2) return charges
  const lines = new Map<string, Charge>()
  for (const charge of charges) {
    const price = charge.unitPrice === null ? '' : formatRational(charge.unitPrice)
    const id = `${charge.slot ?? ''} ${charge.block} ${charge.unit ?? ''} ${price}`
    const before = lines.get(id)
    lines.set(
      id,
      before === undefined
        ? charge
        : {
            ...before,
            quantity: add(before.quantity ?? zero, charge.quantity ?? zero),
            steps: [...(before.steps ?? []), ...(charge.steps ?? [])],
          },
    )
  }
  return [...lines.values()]
}
