import { differInScale } from '../../domain/unit-scale.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import type { UsageDocument } from './usage/usage-schema.js'

/** A quantity in another unit than the one that it is charged by. */
export interface UnitProblem {
  readonly kind: 'unit_differs'
  /** Place in the tariff. */
  readonly path: string
  readonly message: string
}

/**
 * A component that charges by MWh what the usage gives in kWh, or the like, and does not convert it: its prices would be a thousandfold off.
 * Units that are not of one kind are left alone: people name what they charge as they like. Null where nothing is wrong.
 */
export function unitProblem(tariff: ComponentTariff, usage: UsageDocument): UnitProblem | null {
  const given = [...usage.quantities, ...usage.periods.flatMap(({ quantities }) => quantities)].flatMap((entry) => {
    const unit = 'intervals' in entry ? energyUnit(entry.intervals.unit) : entry.unit
    return unit === undefined ? [] : [{ name: entry.name, unit }]
  })
  for (const [versionIndex, { components }] of tariff.versions.entries())
    for (const [index, component] of components.entries()) {
      if (component.kind !== 'usage' || component.convert !== undefined) continue
      const other = given.find(({ name, unit }) => name === component.quantity && differInScale(unit, component.unit))
      if (other !== undefined)
        return {
          kind: 'unit_differs',
          path: `tariff.versions.${versionIndex}.components.${index}.unit`,
          message: `${other.name} is given in ${other.unit} and charged by ${component.unit}: convert it`,
        }
    }
  return null
}

/** Intervals of mean kW are charged as kWh. */
function energyUnit(unit: string): string {
  return unit.endsWith('h') ? unit : `${unit}h`
}
