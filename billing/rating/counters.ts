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

/** What a free quantity has granted so far (carried ones only), and what was taken of it. */
export interface FreeCounter {
  readonly granted: Rational
  readonly used: Rational
}

/** Block counters while periods are rated one after the other. */
export interface Counters {
  readonly get: (key: CounterKey) => Counter | null
  /** `to` is the first day after the scope. */
  readonly set: (key: CounterKey, counter: Counter, to: LocalDate) => void
  /** Counters of scopes that go on on that day, in order of component, scope and slot. */
  readonly closing: (date: LocalDate) => Pick<RatingState, 'blocks' | 'free'>
  readonly freeOf: (component: string, scope: LocalDate) => FreeCounter | null
  readonly setFree: (component: string, scope: LocalDate, counter: FreeCounter, to: LocalDate) => void
}

export function createCounters(opening: Pick<RatingState, 'blocks' | 'free'>): Counters {
  const held = new Map<string, { readonly key: CounterKey; readonly counter: Counter; readonly to: LocalDate | null }>()
  const idOf = ({ component, scope, slot }: CounterKey) => `${component} ${scope} ${slot ?? ''}`
  const set = (key: CounterKey, counter: Counter, to: LocalDate | null) => {
    held.set(idOf(key), { key, counter, to })
  }
  for (const { component, scope, slot, used, byBlock } of opening.blocks)
    set({ component, scope, slot: slot ?? null }, { used: exact(used), byBlock: byBlock.map(exact) }, null)
  const free = createFreeCounters(opening.free)
  return {
    get: (key) => held.get(idOf(key))?.counter ?? null,
    set,
    freeOf: free.get,
    setFree: free.set,
    closing: (date) => ({
      blocks: goingOn(held, date).map(({ key, counter }) => ({
        component: key.component,
        scope: key.scope,
        ...(key.slot === null ? {} : { slot: key.slot }),
        used: formatRational(counter.used),
        byBlock: counter.byBlock.map(formatRational),
      })),
      free: free.closing(date),
    }),
  }
}

function createFreeCounters(opening: RatingState['free']) {
  interface Held extends FreeCounter {
    readonly component: string
    readonly scope: LocalDate
    readonly to: LocalDate | null
  }
  const held = new Map<string, Held>(
    opening.map(({ component, scope, granted, used }) => [
      `${component} ${scope}`,
      { component, scope, granted: exact(granted), used: exact(used), to: null },
    ]),
  )
  return {
    get: (component: string, scope: LocalDate): FreeCounter | null => held.get(`${component} ${scope}`) ?? null,
    set: (component: string, scope: LocalDate, counter: FreeCounter, to: LocalDate) => {
      held.set(`${component} ${scope}`, { ...counter, component, scope, to })
    },
    closing: (date: LocalDate): RatingState['free'] =>
      goingOn(held, date).map(({ component, scope, granted, used }) => ({
        component,
        scope,
        granted: formatRational(granted),
        used: formatRational(used),
      })),
  }
}

/** What belongs to a scope that goes on on a day, in order of its id. */
function goingOn<T extends { readonly to: LocalDate | null }>(
  held: ReadonlyMap<string, T>,
  date: LocalDate,
): readonly T[] {
  return [...held]
    .filter(([, { to }]) => to === null || to > date)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one)
}
