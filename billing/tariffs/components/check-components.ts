import { compare, parseRational, zero } from '../../../domain/rational.js'
import { checkExpressions, type ExpressionDefectKind, isNamed } from './check-expressions.js'
import { checkPosting, type PostingDefectKind } from './check-posting.js'
import { checkRegisters, type RegisterDefectKind } from './check-registers.js'
import { checkRows } from './check-rows.js'
import { checkSlotSet, type SlotDefectKind } from './check-calendar.js'
import { checkIntervals, type IntervalDefectKind } from './check-intervals.js'
import { emptySizes, negativePrices, type PriceDefectKind, pricesOf } from './check-prices.js'
import { demandsNamedTwice } from './demand-names.js'
import { type Evidence, hasCell } from './evidence-schema.js'
import type { Block, Component } from './component-schema.js'
import type { ComponentTariff, TariffVersion } from './tariff-schema.js'

export type ComponentDefectKind =
  | SlotDefectKind
  | 'version_repeated'
  | 'component_repeated'
  | 'calendar_repeated'
  | 'demand_repeated'
  | 'calendar_unknown'
  | 'slot_unknown'
  | 'price_missing'
  | 'block_bounds_out_of_order'
  | 'sizes_shared_by_slots'
  | 'does_not_apply'
  | 'evidence_of_nothing'
  | ExpressionDefectKind
  | PriceDefectKind
  | IntervalDefectKind
  | PostingDefectKind
  | RegisterDefectKind

/** What is wrong with a tariff that is well formed; `where` is the place in the file. */
export interface ComponentDefect {
  readonly kind: ComponentDefectKind
  readonly where: string
  readonly message: string
}

/** Everything that would let a tariff be applied wrongly, in the order of the file; empty for a sound one. */
export function checkComponents(tariff: ComponentTariff): readonly ComponentDefect[] {
  const numbers = tariff.versions.map(({ version }) => version)
  const repeated = numbers.filter((version, index) => numbers.indexOf(version) !== index)
  return [
    ...repeated.map(
      (version): ComponentDefect => ({
        kind: 'version_repeated',
        where: 'versions',
        message: `version ${version} comes twice`,
      }),
    ),
    ...tariff.versions.flatMap((version, index) =>
      checkVersion(version, `versions.${index}`, tariff.mayBeNegative === true),
    ),
  ]
}

function checkVersion(version: TariffVersion, path: string, mayBeNegative: boolean): readonly ComponentDefect[] {
  const calendars = version.calendars.flatMap((set, index) =>
    [...checkSlotSet(set), ...checkIntervals(set)].map(
      ({ kind, where, message }): ComponentDefect => ({ kind, where: `${path}.calendars.${index}.${where}`, message }),
    ),
  )
  const components = version.components.flatMap((component, index) => {
    const where = `${path}.components.${index}`
    const before = version.components.slice(0, index)
    return [
      ...(before.some(({ code }) => code === component.code)
        ? [{ kind: 'component_repeated', where: `${where}.code`, message: `${component.code} comes twice` } as const]
        : []),
      ...checkBases(component, before, where),
      ...checkSlots(component, version, where),
      ...checkModel(component, where),
      ...checkExpressions(component, before, where),
      ...emptySizes(component, where),
      ...checkUnheard(component, where),
      ...checkRows(component, where),
      ...checkEvidence(component.evidence, component, where),
      ...(mayBeNegative ? [] : negativePrices(component, where)),
    ]
  })
  const names = version.calendars.map(({ name }) => name)
  const repeated = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map(
      (name): ComponentDefect => ({
        kind: 'calendar_repeated',
        where: `${path}.calendars`,
        message: `${name} comes twice`,
      }),
    )
  return [
    ...checkEvidence(version.evidence, version, path),
    ...repeated,
    ...calendars,
    ...checkRegisters(version, path),
    ...components,
    ...demandsNamedTwice(version).map(
      (name): ComponentDefect => ({
        kind: 'demand_repeated',
        where: `${path}.components`,
        message: `demands of different rules are kept as ${name}: give each a name of its own`,
      }),
    ),
    ...checkPosting(version, path),
  ]
}

function checkEvidence(evidence: Evidence | undefined, of: unknown, where: string): readonly ComponentDefect[] {
  return Object.keys(evidence ?? {})
    .filter((cell) => !hasCell(of, cell))
    .map(
      (cell): ComponentDefect => ({
        kind: 'evidence_of_nothing',
        where: `${where}.evidence.${cell}`,
        message: `no cell is ${cell}`,
      }),
    )
}

function checkBases(component: Component, before: readonly Component[], where: string): readonly ComponentDefect[] {
  if (!('of' in component)) return []
  const lists = component.kind === 'credit' ? { of: component.of, earns: component.earns ?? [] } : { of: component.of }
  return Object.entries(lists).flatMap(([key, names]) =>
    names.flatMap((name, index) =>
      isNamed(name, before)
        ? []
        : [
            {
              kind: 'base_unknown',
              where: `${where}.${key}.${index}`,
              message: `no component before this one is ${name}`,
            } as const,
          ],
    ),
  )
}

function checkSlots(component: Component, { calendars }: TariffVersion, where: string): readonly ComponentDefect[] {
  if (component.kind !== 'usage') return []
  if (component.slots === undefined)
    return pricesOf(component)
      .filter(({ prices }) => prices !== undefined)
      .map(
        ({ path }): ComponentDefect => ({
          kind: 'does_not_apply',
          where: `${where}.${path}.prices`,
          message: 'prices by slot need the slots of a calendar: say slots, or one price',
        }),
      )
  const { calendar, names } = component.slots
  const set = calendars.find(({ name }) => name === calendar)
  if (set === undefined)
    return [{ kind: 'calendar_unknown', where: `${where}.slots.calendar`, message: `no calendar is ${calendar}` }]
  const known = set.slots.map(({ name }) => name)
  const priced = pricesOf(component).flatMap(({ prices, path }) =>
    Object.keys(prices ?? {}).map((name) => ({ name, path: `${where}.${path}.prices` })),
  )
  const { free } = component
  const freeFrom = typeof free === 'object' && 'from' in free && typeof free.from === 'object' ? free.from.slots : []
  const asked = [
    ...(names ?? []).map((name) => ({ name, path: `${where}.slots.names` })),
    ...freeFrom.map((name) => ({ name, path: `${where}.free.from` })),
    ...priced,
  ]
  const unknown = asked.filter(({ name }) => !known.includes(name))
  const charged = names ?? known
  const unpriced = pricesOf(component).flatMap(({ price, prices, path, isNeeded }) =>
    price !== undefined || (prices === undefined && !isNeeded)
      ? []
      : charged
          .filter((name) => !Object.hasOwn(prices ?? {}, name))
          .map((name) => ({ name, path: `${where}.${path}` })),
  )
  return [
    ...unknown.map(
      ({ name, path }): ComponentDefect => ({
        kind: 'slot_unknown',
        where: path,
        message: `no slot of ${calendar} is ${name}`,
      }),
    ),
    ...unpriced.map(
      ({ name, path }): ComponentDefect => ({
        kind: 'price_missing',
        where: path,
        message: `no price for slot ${name}`,
      }),
    ),
  ]
}

function checkModel(component: Component, where: string): readonly ComponentDefect[] {
  if (component.kind !== 'usage') return []
  const { model, slots } = component
  if (model.kind === 'per_unit' && slots === undefined && model.price === undefined)
    return [{ kind: 'price_missing', where: `${where}.model`, message: 'a component without slots needs a price' }]
  if (model.kind !== 'graduated' && model.kind !== 'volume') return []
  const path = `${where}.model.blocks`
  const isShared = slots !== undefined && (model.kind === 'volume' || model.sharing !== 'per_slot')
  if (isShared && model.blocks.some(({ size }) => size !== undefined))
    return [{ kind: 'sizes_shared_by_slots', where: path, message: 'packages cannot be shared by slots' }]
  return [
    ...checkBounds(model.blocks, path),
    ...(model.kind === 'graduated' ? checkFirstBound(model.blocks, path) : []),
  ]
}

/** What a component says and its kind does not hear: it would be left out in silence. */
function checkUnheard(component: Component, where: string): readonly ComponentDefect[] {
  return Object.entries(unheardBy(component))
    .filter(([, value]) => value !== undefined)
    .map(
      ([key]): ComponentDefect => ({
        kind: 'does_not_apply',
        where: `${where}.${key}`,
        message: unheardMessage(component, key),
      }),
    )
}

function unheardMessage(component: Component, key: string): string {
  if (component.kind !== 'usage') return `what goes on from bill to bill takes no ${key}: say it in an amount`
  return component.model.kind === 'package'
    ? `packages have no bounds that ${key} could multiply: say it in the size`
    : `prices per event take no ${key}: say it in the model, or of another quantity`
}

function unheardBy(component: Component): Readonly<Record<string, unknown>> {
  const level = component.level === 'month' ? component.level : undefined
  if (component.kind === 'credit') return { level, when: component.when, multiple: component.multiple }
  if ((component.kind === 'minimum' || component.kind === 'maximum') && component.scope !== undefined)
    return {
      level,
      when: component.when,
      multiple: component.multiple,
      per: component.per === 'period' ? undefined : component.per,
    }
  if (component.kind !== 'usage') return {}
  if (component.model.kind === 'package') {
    const { times } = component.model.scope
    return { 'model.scope.times': times === 'once' ? undefined : times }
  }
  if (component.model.kind !== 'per_event') return {}
  const { slots, convert, share, free, atLeast, rounding } = component
  return { level, slots, convert, share, free, atLeast, 'rounding.quantity': rounding?.quantity }
}

function checkBounds(blocks: readonly Block[], path: string): readonly ComponentDefect[] {
  const bounds = blocks.map(({ upTo }) => (typeof upTo === 'string' ? parseRational(upTo) : null))
  return blocks.flatMap(({ upTo }, index): readonly ComponentDefect[] => {
    const where = `${path}.${index}.upTo`
    const isLast = index === blocks.length - 1
    if (!isLast && upTo === undefined)
      return [{ kind: 'block_bounds_out_of_order', where, message: 'only the last block has no bound' }]
    const [bound, before] = [bounds[index] ?? null, bounds[index - 1] ?? null]
    const isAscending = bound === null || before === null || compare(before, bound) < 0
    return isAscending ? [] : [{ kind: 'block_bounds_out_of_order', where, message: 'a bound is above the one before' }]
  })
}

/** Each unit falls into the block that it reaches, so that one below zero would never hold any. */
function checkFirstBound([first]: readonly Block[], path: string): readonly ComponentDefect[] {
  const bound = typeof first?.upTo === 'string' ? parseRational(first.upTo) : null
  return bound === null || compare(bound, zero) >= 0
    ? []
    : [{ kind: 'block_bounds_out_of_order', where: `${path}.0.upTo`, message: 'the first bound is not below zero' }]
}
