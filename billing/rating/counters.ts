import { formatRational, type Rational } from '../../domain/rational.js'
import type { LocalDate } from '../../domain/time.js'
import { exact } from './usage/register-quantity.js'
import type { RatingState } from './usage/usage-schema.js'

/** What a scope has used so far, in all and by block. */
export interface Counter {
  readonly used: Rational
  readonly byBlock: readonly Rational[]
}

export interface CounterKey {
  readonly component: string
  /** First day of the scope. */
  readonly scope: LocalDate
  readonly slot: string | null
}

/** Block counters while periods are rated one after the other. */
export interface Counters {
  readonly get: (key: CounterKey) => Counter | null
  /** `to` is the first day after the scope. */
  readonly set: (key: CounterKey, counter: Counter, to: LocalDate) => void
  /** Counters of scopes that go on on that day, in order of component, scope and slot. */
  readonly closing: (date: LocalDate) => RatingState['blocks']
}

export function createCounters(opening: RatingState['blocks']): Counters {
  const held = new Map<string, { readonly key: CounterKey; readonly counter: Counter; readonly to: LocalDate | null }>()
  const idOf = ({ component, scope, slot }: CounterKey) => `${component} ${scope} ${slot ?? ''}`
  const set = (key: CounterKey, counter: Counter, to: LocalDate | null) => {
    held.set(idOf(key), { key, counter, to })
  }
  for (const { component, scope, slot, used, byBlock } of opening)
    set({ component, scope, slot: slot ?? null }, { used: exact(used), byBlock: byBlock.map(exact) }, null)
  return {
    get: (key) => held.get(idOf(key))?.counter ?? null,
    set,
    closing: (date) =>
      [...held]
        .filter(([, { to }]) => to === null || to > date)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { key, counter }]) => ({
          component: key.component,
          scope: key.scope,
          ...(key.slot === null ? {} : { slot: key.slot }),
          used: formatRational(counter.used),
          byBlock: counter.byBlock.map(formatRational),
        })),
  }
}
