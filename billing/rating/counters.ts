import { formatRational, type Rational, zero } from '../../domain/rational.js'
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

type Opening = Pick<RatingState, 'blocks' | 'free' | 'credits'>

/** Block counters while periods are rated one after the other. */
export interface Counters {
  readonly get: (key: CounterKey) => Counter | null
  /** `to` is the first day after the scope. */
  readonly set: (key: CounterKey, counter: Counter, to: LocalDate) => void
  /** Counters of scopes that go on on that day, in order of component, scope and slot. */
  readonly closing: (date: LocalDate) => Opening
  readonly freeOf: (component: string, scope: LocalDate) => FreeCounter | null
  readonly setFree: (component: string, scope: LocalDate, counter: FreeCounter, to: LocalDate) => void
  /** Money put by; zero where there is none. A balance that is kept for good has no scope and no end. */
  readonly creditOf: (component: string, scope: string) => Rational
  readonly setCredit: (component: string, scope: string, balance: Rational, to: LocalDate | null) => void
}

export function createCounters(opening: Opening): Counters {
  const held = new Map<string, { readonly key: CounterKey; readonly counter: Counter; readonly to: LocalDate | null }>()
  const idOf = ({ component, scope, slot }: CounterKey) => `${component} ${scope} ${slot ?? ''}`
  const set = (key: CounterKey, counter: Counter, to: LocalDate | null) => {
    held.set(idOf(key), { key, counter, to })
  }
  for (const { component, scope, to, slot, used, byBlock } of opening.blocks)
    set({ component, scope, slot: slot ?? null }, { used: exact(used), byBlock: byBlock.map(exact) }, to ?? null)
  const free = createFreeCounters(opening.free)
  const credits = createCreditBalances(opening.credits ?? [])
  return {
    get: (key) => held.get(idOf(key))?.counter ?? null,
    set,
    freeOf: free.get,
    setFree: free.set,
    creditOf: credits.get,
    setCredit: credits.set,
    closing: (date) => ({
      blocks: goingOn(held, date).map(({ key, counter, to }) => ({
        component: key.component,
        scope: key.scope,
        ...(to === null ? {} : { to }),
        ...(key.slot === null ? {} : { slot: key.slot }),
        used: formatRational(counter.used),
        byBlock: counter.byBlock.map(formatRational),
      })),
      free: free.closing(date),
      ...credits.closing(date),
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
    opening.map(({ component, scope, to = null, granted, used }) => [
      `${component} ${scope}`,
      { component, scope, to, granted: exact(granted), used: exact(used) },
    ]),
  )
  return {
    get: (component: string, scope: LocalDate): FreeCounter | null => held.get(`${component} ${scope}`) ?? null,
    set: (component: string, scope: LocalDate, counter: FreeCounter, to: LocalDate) => {
      held.set(`${component} ${scope}`, { ...counter, component, scope, to })
    },
    closing: (date: LocalDate): RatingState['free'] =>
      goingOn(held, date).map(({ component, scope, to, granted, used }) => ({
        component,
        scope,
        ...(to === null ? {} : { to }),
        granted: formatRational(granted),
        used: formatRational(used),
      })),
  }
}

function createCreditBalances(opening: NonNullable<RatingState['credits']>) {
  interface Held {
    readonly component: string
    readonly scope: string
    readonly to: LocalDate | null
    readonly balance: Rational
  }
  const held = new Map<string, Held>(
    opening.map(({ component, scope, to = null, balance }) => [
      `${component} ${scope}`,
      { component, scope, to, balance: exact(balance) },
    ]),
  )
  return {
    get: (component: string, scope: string): Rational => held.get(`${component} ${scope}`)?.balance ?? zero,
    set: (component: string, scope: string, balance: Rational, to: LocalDate | null) => {
      held.set(`${component} ${scope}`, { component, scope, to, balance })
    },
    /** Left out where no component puts money by. */
    closing: (date: LocalDate): Pick<RatingState, 'credits'> =>
      held.size === 0
        ? {}
        : {
            credits: goingOn(held, date).map(({ component, scope, to, balance }) => ({
              component,
              scope,
              ...(to === null ? {} : { to }),
              balance: formatRational(balance),
            })),
          },
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
