import { present, unreachable } from '../../../domain/result.js'
import type { Bill, BillPeriod } from '../bill.js'
import type { QuantityEntry, RatingState, UsageDocument, UsagePeriod } from '../usage/usage-schema.js'
import { blendQuantities } from './blend-quantities.js'
import { withOwnCurves } from './curves.js'
import type { DayMap } from './day-map.js'
import type { Documents, Factor, Taken } from './factors.js'
import { layTariff, sharingByTime } from './lay-tariff.js'
import { layUsage } from './lay-usage.js'
import type { Roles } from './roles.js'

/** A document pair and what it came to. */
export interface RatedDocuments extends Documents {
  readonly bill: Bill
}

/** Two bills on the days of the second one, ready to be put together. */
export interface Blend {
  readonly map: DayMap
  readonly roles: Roles
  /** Laid on the days of the second. */
  readonly first: RatedDocuments
  readonly second: RatedDocuments
}

export function createBlend(map: DayMap, roles: Roles, first: RatedDocuments, second: RatedDocuments): Blend {
  const { calendar, pairs } = map
  const own = withOwnCurves(
    calendar,
    first.usage,
    pairs.map(({ span }) => span),
  )
  return {
    map,
    roles,
    first: {
      bill: first.bill,
      tariff: sharingByTime(layTariff(map, first.tariff)),
      usage: layUsage(map, roles, first.tariff, own, second.usage),
    },
    second: {
      bill: second.bill,
      tariff: sharingByTime(second.tariff),
      usage: withOwnCurves(
        calendar,
        second.usage,
        pairs.map(({ target }) => target),
      ),
    },
  }
}

/** The documents in which each factor comes from the bill that it is taken from. Days are the second's. */
export function blended(blend: Blend, taken: Taken): Documents {
  const { first, second, roles } = blend
  const of = (factor: Factor) => (taken.has(factor) ? second.usage : first.usage)
  const { inUseFrom: _own, ...usage } = second.usage
  const { inUseFrom } = of('block')
  return {
    tariff: taken.has('price') ? second.tariff : first.tariff,
    usage: {
      ...usage,
      ...(inUseFrom === undefined ? {} : { inUseFrom }),
      quantities: of('slot_mix').quantities,
      facts: [first, second].flatMap((side) =>
        side.usage.facts.filter(({ name }) => of(roles.ofFact(name)) === side.usage),
      ),
      equipment: of('demand').equipment,
      series: of('price').series,
      opening: blendState(blend, of),
      periods: second.usage.periods.map((_, index) => blendPeriod(blend, taken, of, index)),
    },
  }
}

type SideOf = (factor: Factor) => UsageDocument

function blendState({ roles, first, second }: Blend, of: SideOf): RatingState {
  return {
    ...of('correction').opening,
    months: second.usage.opening.months,
    blocks: of('block').opening.blocks,
    free: of('block').opening.free,
    quantities: [first, second].flatMap(({ usage }) =>
      usage.opening.quantities.filter(({ name }) => of(historyFactor(roles, name)) === usage),
    ),
  }
}

function historyFactor(roles: Roles, name: string): Factor {
  const role = roles.ofQuantity(name)
  switch (role) {
    case 'energy':
      return 'quantity'
    case 'demand':
      return 'demand'
    case 'reactive':
    case 'power_factor':
      return 'power_factor'
    default:
      return unreachable(role)
  }
}

function blendPeriod(blend: Blend, taken: Taken, of: SideOf, index: number): UsagePeriod {
  const { map, roles, first, second } = blend
  const span = present(map.pairs[index], 'a pair of periods').target
  const at = ({ periods }: UsageDocument) => present(periods[index], 'a period')
  const pinned = pinnedDemands(blend, taken, index)
  const quantities = blendQuantities(
    { calendar: map.calendar, roles, span, first: at(first.usage), second: at(second.usage) },
    taken,
  )
  return {
    ...at(second.usage),
    quantities: [...quantities, ...pinned],
    demands: [],
    losses: at(of('quantity')).losses,
    relations: at(of('quantity')).relations,
    correctionFactors: at(of('correction')).correctionFactors,
    adjustments: at(of('correction')).adjustments,
  }
}

/** Demand that the usage derives from its curves is what it was in its own bill, so that it does not move with the quantity. */
function pinnedDemands({ first, second }: Blend, taken: Taken, index: number): readonly QuantityEntry[] {
  const { usage, bill } = taken.has('demand') ? second : first
  const billed = present(bill.periods[index], 'a billed period').quantities
  return present(usage.periods[index], 'a period').demands.map(({ name, slot }) => ({
    name,
    ...(slot === undefined ? {} : { slot }),
    unit: 'kW',
    value: demandIn(billed, name, slot ?? null),
  }))
}

function demandIn(billed: BillPeriod['quantities'], name: string, slot: string | null): string {
  return present(
    billed.find((one) => one.name === name && one.slot === slot),
    `demand ${name} of a bill`,
  ).value
}
