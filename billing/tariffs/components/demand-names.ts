import type { Expression } from './expression-schema.js'
import type { TariffVersion } from './tariff-schema.js'

export type DemandOperation = Extract<Exclude<Expression, string>, { op: 'demand' }>

/** The demands that a part of a tariff asks for, in the order of the file. */
function demandsIn(part: unknown): readonly DemandOperation[] {
  if (part === null || typeof part !== 'object') return []
  if (Array.isArray(part)) return part.flatMap(demandsIn)
  if (isDemand(part)) return [part]
  return Object.values(part).flatMap(demandsIn)
}

function isDemand(part: object): part is DemandOperation {
  return 'op' in part && part.op === 'demand'
}

/** What makes two demands one: the same windows of the same quantity. Their slots are kept apart anyway. */
function ruleOf({ of, minutes, window, take }: DemandOperation): string {
  return JSON.stringify([of, minutes, window, take])
}

/** Under which name each demand of a version is kept: its own, or `demand`, `demand_2` … by rule, in the order of the version. */
export interface DemandNames {
  readonly nameOf: (demand: DemandOperation) => string
  /** The demands that are kept under a name. More than one only where the version is wrong. */
  readonly named: (name: string) => readonly DemandOperation[]
}

export function demandNames({ components }: Pick<TariffVersion, 'components'>): DemandNames {
  const demands = demandsIn(components)
  const rules = [...new Set(demands.filter(({ name }) => name === undefined).map(ruleOf))]
  const nameOf = (demand: DemandOperation) => {
    const position = rules.indexOf(ruleOf(demand))
    return demand.name ?? (position > 0 ? `demand_${position + 1}` : 'demand')
  }
  const byRule = new Map(demands.map((demand) => [`${nameOf(demand)} ${ruleOf(demand)}`, demand]))
  return { nameOf, named: (name) => [...byRule.values()].filter((demand) => nameOf(demand) === name) }
}

/** Names that a version gives to demands of several rules, each once. */
export function demandsNamedTwice(version: Pick<TariffVersion, 'components'>): readonly string[] {
  const { nameOf, named } = demandNames(version)
  const names = new Set(demandsIn(version.components).map(nameOf))
  return [...names].filter((name) => named(name).length > 1)
}
