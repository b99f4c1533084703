import { compare, formatRational, multiply, one, type Rational } from '../../../domain/rational.js'
import { exact } from '../usage/register-quantity.js'
import type { QuantityEntry } from '../usage/usage-schema.js'

/** The same entry for so many times its quantity: exact, because a factor may be a quotient. */
export function scaleEntry<T extends QuantityEntry>(entry: T, ratio: Rational): T {
  if (compare(ratio, one) === 0) return entry
  if ('events' in entry) return { ...entry, events: entry.events.map((event) => scaleText(event, ratio)) }
  return { ...entry, factor: scaleText(entry.factor ?? '1', ratio) }
}

export function scaleText(text: string, ratio: Rational): string {
  return compare(ratio, one) === 0 ? text : formatRational(multiply(exact(text), ratio))
}
