import { rememberEach } from '../../domain/remember.js'
import { addDays, type Calendar, datesIn, type Instant } from '../../domain/time.js'
import type { Component } from '../tariffs/components/component-schema.js'
import { isBetween } from '../../domain/slot-hours.js'
import type { PeriodContext } from './context.js'
import type { EquipmentQuestion } from './usage/equipment.js'
import type { FactQuestion } from './usage/facts.js'
import type { Span } from './usage/local-time.js'

/** The parts of a span in which no fact, no equipment and no season that a component asks for changes. */
export function piecesOf(component: Component, span: Span, context: PeriodContext): readonly Span[] {
  const asked = askedBy(component)
  const cuts = [
    ...context.facts.changesIn(asked.facts, span),
    ...context.equipment.changesIn(asked.equipment, span),
    ...asked.seasons.flatMap((isIn) => seasonChanges(context.calendar, isIn, span)),
  ]
  const borders = [span.from, ...[...new Set(cuts)].sort((a, b) => a - b), span.to]
  return borders.slice(1).map((to, index) => ({ from: borders[index] ?? span.from, to }))
}

/** What a component asks for, found once in its version. */
const askedBy = rememberEach((component: Component) => askedFor(withoutBounds(component)))

/** Bounds of blocks look at the facts of each month, or at the season of each month or day, themselves. */
function withoutBounds(component: Component): unknown {
  if (component.kind !== 'usage') return component
  const { model, free, ...others } = component
  const plainFree =
    typeof free === 'object' && 'scope' in free && isByMonth(free.scope.times) ? { ...free, quantity: undefined } : free
  if (model.kind !== 'graduated' && model.kind !== 'volume') return { ...others, model, free: plainFree }
  const { times, of } = model.scope
  const withoutFacts = model.blocks.map((block) => ({ ...block, upTo: undefined }))
  const withoutSeasons = model.blocks.map((block) => ({ ...block, upTo: withoutSeasonsIn(block.upTo) }))
  const blocks = isByMonth(times) ? withoutFacts : of === 'day' || of === 'month' ? withoutSeasons : model.blocks
  return { ...others, free: plainFree, model: { ...model, blocks } }
}

function isByMonth(times: string): boolean {
  return times === 'months' || times === 'months_by_days'
}

function withoutSeasonsIn(node: unknown): unknown {
  if (node === null || typeof node !== 'object') return node
  if (Array.isArray(node)) return node.map(withoutSeasonsIn)
  if (seasonOf(node) !== null) return null
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutSeasonsIn(value)]))
}

type IsInSeason = (dayOfYear: string) => boolean

interface Asked {
  readonly facts: readonly FactQuestion[]
  readonly seasons: readonly IsInSeason[]
  readonly equipment: readonly EquipmentQuestion[]
}

function askedFor(node: unknown): Asked {
  const facts: FactQuestion[] = []
  const seasons: IsInSeason[] = []
  const equipment: EquipmentQuestion[] = []
  const visit = (inner: unknown): void => {
    if (inner === null || typeof inner !== 'object') return
    if (isFact(inner)) facts.push(inner)
    if (isEquipment(inner)) equipment.push(inner)
    const season = seasonOf(inner)
    if (season !== null) seasons.push(season)
    for (const value of Object.values(inner)) visit(value)
  }
  visit(node)
  return { facts, seasons, equipment }
}

function isFact(node: object): node is FactQuestion {
  return ('op' in node && node.op === 'fact') || ('is' in node && node.is === 'fact')
}

function isEquipment(node: object): node is EquipmentQuestion {
  return 'op' in node && node.op === 'equipment'
}

function seasonOf(node: object): IsInSeason | null {
  if (!('is' in node)) return null
  if (node.is === 'month' && 'of' in node && Array.isArray(node.of)) {
    const months: readonly unknown[] = node.of
    return (day) => months.includes(Number(day.slice(0, 2)))
  }
  if (node.is === 'season' && 'from' in node && 'to' in node) {
    const [from, to] = [String(node.from), String(node.to)]
    return (day) => isBetween(from, to, day)
  }
  return null
}

/** Midnights in the span, both ends left out, at which a season begins or ends. */
function seasonChanges(calendar: Calendar, isIn: IsInSeason, span: Span): readonly Instant[] {
  const first = calendar.dateAt(span.from)
  let before = isIn(first.slice(5))
  return datesIn(first, addDays(calendar.dateAt(span.to - 1), 1)).flatMap((date) => {
    const now = isIn(date.slice(5))
    const changes = now !== before
    before = now
    return changes ? [calendar.startOfDay(date)] : []
  })
}
