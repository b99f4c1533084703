import { type DeterminantQuantity, type QuantityLink, valueOf } from './quantity.js'

/**
 * What the power factor of a month is worked out from: active energy, and |inductive| + |capacitive| reactive energy at import, both with
 * the computed losses of a transformer that is metered on its low side (billing-rules 5.1). Quadrants I and IV; the forward and reverse
 * registers only where nothing is fed in. Combined registers are never taken: what they add up is a setting of the meter.
 */
export function powerFactorInputs(
  quantities: readonly DeterminantQuantity[],
  feedsIn: boolean,
): readonly DeterminantQuantity[] {
  const find = (name: DeterminantQuantity['quantity']) => quantities.find(({ quantity }) => quantity === name)
  const quadrants = [find('reactive_quadrant1'), find('reactive_quadrant4')]
  const sides = [find('reactive_forward'), find('reactive_reverse')]
  const reactive = quadrants.every((one) => one !== undefined) || feedsIn ? quadrants : sides
  const known = reactive.filter((one) => one !== undefined)
  const active = find('active_energy')
  if (known.length === 0 || active === undefined) return []
  const losses = quantities.filter(({ quantity }) => quantity === 'loss_active' || quantity === 'loss_reactive')
  const activeLoss = losses.filter(({ quantity }) => quantity === 'loss_active')
  const reactiveLoss = losses.filter(({ quantity }) => quantity === 'loss_reactive')
  return [
    add('power_factor_active', 'kWh', [active, ...activeLoss]),
    add('power_factor_reactive', 'kvarh', [...known, ...reactiveLoss]),
  ]
}

function add(
  quantity: 'power_factor_active' | 'power_factor_reactive',
  unit: 'kWh' | 'kvarh',
  parts: readonly DeterminantQuantity[],
): DeterminantQuantity {
  const unknown = parts.find((part) => valueOf(part) === null)
  const totalE4 = parts.reduce((sum, part) => sum + magnitude(valueOf(part)?.[0] ?? 0n), 0n)
  const links: readonly QuantityLink[] = parts.flatMap((part) => part.links)
  return {
    quantity,
    unit,
    value: unknown === undefined ? [totalE4, null, null, null, null] : { missing: `${unknown.quantity} is not known` },
    moment: null,
    otherPointId: null,
    basis: parts.map((part) => part.quantity).join(' + '),
    links,
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
