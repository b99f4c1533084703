import { parseRational, type Rational } from '../../../domain/rational.js'
import type { Calendar, Instant } from '../../../domain/time.js'
import { refuse } from '../refusal.js'
import { instantOf, overlap, type Span } from './local-time.js'
import type { UsageDocument } from './usage-schema.js'

/** What is said to be true, and when. */
export interface Facts {
  readonly valueAt: (name: string, instant: Instant) => string | boolean | null
  /** Instants in the span, both ends left out, at which the answer to one of the questions changes; ascending. */
  readonly changesIn: (asked: readonly FactQuestion[], span: Span) => readonly Instant[]
}

/** What is asked of a fact: what it is, or whether it is a value. */
export interface FactQuestion {
  readonly name: string
  readonly value?: string | boolean
}

const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** `fact_given_twice` where two values of one name overlap. */
export function createFacts(calendar: Calendar, facts: UsageDocument['facts']): Facts {
  const dated = facts.map(({ name, value, from, to }, index) => ({
    name,
    value,
    path: `usage.facts.${index}`,
    from: from === undefined ? always.from : instantOf(calendar, from, `usage.facts.${index}.from`),
    to: to === undefined ? always.to : instantOf(calendar, to, `usage.facts.${index}.to`),
  }))
  for (const [index, fact] of dated.entries()) {
    const twice = dated.slice(0, index).some((other) => other.name === fact.name && overlap(other, fact) !== null)
    if (twice) refuse('fact_given_twice', fact.path, `${fact.name} has two values at one time`)
  }
  const valueAt: Facts['valueAt'] = (name, instant) =>
    dated.find((fact) => fact.name === name && fact.from <= instant && instant < fact.to)?.value ?? null
  const answer = ({ name, value }: FactQuestion, instant: Instant) =>
    value === undefined ? valueAt(name, instant) : valueAt(name, instant) === value
  const bordersOf = (question: FactQuestion) =>
    dated
      .filter(({ name }) => name === question.name)
      .flatMap(({ from, to }) => [from, to])
      .filter((instant) => answer(question, instant) !== answer(question, instant - 1))
  return {
    valueAt,
    changesIn: (asked, span) =>
      [...new Set(asked.flatMap(bordersOf))]
        .filter((instant) => span.from < instant && instant < span.to)
        .sort((a, b) => a - b),
  }
}

/** The number that a fact is at an instant. `fact_missing`, `fact_is_no_number`. */
export function numberAt(
  facts: Facts,
  name: string,
  instant: Instant,
  otherwise: string | undefined,
  path: string,
): Rational {
  const value = facts.valueAt(name, instant) ?? otherwise ?? null
  if (value === null)
    return refuse('fact_missing', path, `fact ${name} is not stated at ${new Date(instant).toISOString()}`)
  const number = typeof value === 'string' ? parseRational(value) : null
  return number ?? refuse('fact_is_no_number', path, `fact ${name} is ${value}, expected a number`)
}
