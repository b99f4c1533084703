import { add, compare, largest, type Rational, zero } from '../../../domain/rational.js'
import { type Calendar, dayMs, type Instant } from '../../../domain/time.js'
import type { EquipmentState } from '../../tariffs/components/expression-schema.js'
import { refuse } from '../refusal.js'
import { instantOf, overlap, type Span } from './local-time.js'
import { exact } from './register-quantity.js'
import type { UsageDocument } from './usage-schema.js'

interface Dated extends Span {
  readonly name: string
  readonly rating: Rational
  readonly state: EquipmentState
  readonly interlock: string | null
}

/** Transformers and direct high-voltage motors, with what each is doing when. */
export interface Equipment {
  /**
   * kVA (kW) that are charged at an instant. Of a group that is interlocked only the largest counts; a suspension shorter than
   * `leastSuspendedDays` counts as in service.
   * Source: billing-rules 4.2 (stand-by transformers, suspension).
   */
  readonly chargedAt: (instant: Instant, charged: readonly EquipmentState[], leastSuspendedDays?: number) => Rational
  /** Instants in the span, both ends left out, at which what one of the questions comes to changes; ascending. */
  readonly changesIn: (asked: readonly EquipmentQuestion[], span: Span) => readonly Instant[]
}

export interface EquipmentQuestion {
  readonly charged: readonly EquipmentState[]
  readonly leastSuspendedDays?: number | undefined
}

/** `equipment_given_twice` where two states of one name overlap. */
export function createEquipment(calendar: Calendar, entries: UsageDocument['equipment']): Equipment {
  const dated = entries.map(({ name, rating, state, interlock, from, to }, index): Dated => {
    const path = `usage.equipment.${index}`
    return {
      name,
      rating: exact(rating),
      state,
      interlock: interlock ?? null,
      from: from === undefined ? Number.NEGATIVE_INFINITY : instantOf(calendar, from, `${path}.from`),
      to: to === undefined ? Number.POSITIVE_INFINITY : instantOf(calendar, to, `${path}.to`),
    }
  })
  for (const [index, unit] of dated.entries()) {
    const twice = dated.slice(0, index).some((other) => other.name === unit.name && overlap(other, unit) !== null)
    if (twice) refuse('equipment_given_twice', `usage.equipment.${index}`, `${unit.name} has two states at one time`)
  }
  const chargedAt: Equipment['chargedAt'] = (instant, charged, leastSuspendedDays = 0) => {
    const counts = ({ state, from, to }: Dated) =>
      charged.includes(state) || (state === 'suspended' && to - from < leastSuspendedDays * dayMs)
    return sumOfGroups(dated.filter((unit) => unit.from <= instant && instant < unit.to && counts(unit)))
  }
  const changes = ({ charged, leastSuspendedDays }: EquipmentQuestion, instant: Instant) =>
    compare(chargedAt(instant - 1, charged, leastSuspendedDays), chargedAt(instant, charged, leastSuspendedDays)) !== 0
  return {
    chargedAt,
    changesIn: (asked, { from, to }) =>
      [...new Set(dated.flatMap((unit) => [unit.from, unit.to]))]
        .filter((instant) => from < instant && instant < to && asked.some((question) => changes(question, instant)))
        .sort(compareInstants),
  }
}

function sumOfGroups(units: readonly Dated[]): Rational {
  const groups = new Map<string, Rational>()
  let sum = zero
  for (const { rating, interlock } of units) {
    if (interlock === null) sum = add(sum, rating)
    else groups.set(interlock, largest(groups.get(interlock) ?? zero, rating))
  }
  return [...groups.values()].sort(compare).reduce(add, sum)
}

function compareInstants(a: Instant, b: Instant): number {
  return a - b
}
