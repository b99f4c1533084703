import { multiply, rational } from '../../domain/rational.js'
import type { RatingState } from '../rating/usage/usage-schema.js'
import { exact } from '../rating/usage/register-quantity.js'
import type { TariffVersion } from '../tariffs/components/tariff-schema.js'

const perKwhE4 = rational(10_000n)

/**
 * What the yearly ladder of a version has used, kWh e4, for a tariff of slots and ladder that may come after it: of the first component whose
 * blocks fill over a year, all slots together; zero where there is none or the year has ended.
 */
export function ladderEnergyE4({ components }: TariffVersion, { blocks }: RatingState): bigint {
  const yearly = components.find(
    (component) => component.kind === 'usage' && 'scope' in component.model && component.model.scope.of === 'year',
  )
  const counter = blocks.find(({ component, slot }) => component === yearly?.code && slot === undefined)
  if (counter === undefined) return 0n
  const { n, d } = multiply(exact(counter.used), perKwhE4)
  return n / d
}
