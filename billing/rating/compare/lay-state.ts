import { addMonths, monthsFrom, monthStart } from '../months.js'
import { instanceAt } from '../scope.js'
import type { Scope } from '../../tariffs/components/component-schema.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import type { LocalDate } from '../../../domain/time.js'
import type { RatingState, UsageDocument } from '../usage/usage-schema.js'

/** Where the first bill began, and where it is laid. */
export interface Move {
  readonly tariff: ComponentTariff
  readonly from: LocalDate
  readonly to: LocalDate
  /** Billing months of the first periods. */
  readonly fromMonth: string
  readonly toMonth: string
}

/**
 * The opening state of the first bill as one of the second's days: counters belong to the scope that holds the first day there, months keep
 * their distance to the billing month.
 */
export function layState(move: Move, state: RatingState): RatingState {
  const monthAt = (month: string) => addMonths(`${month}-01`, monthDistance(move)).slice(0, 7)
  return {
    ...state,
    blocks: state.blocks.map((counter) => ({ ...counter, ...laidScope(move, counter) })),
    free: state.free.map((counter) => ({ ...counter, ...laidScope(move, counter) })),
    ...(state.credits === undefined
      ? {}
      : { credits: state.credits.map((counter) => ({ ...counter, ...laidScope(move, counter) })) }),
    billed: state.billed.map((one) => ({ ...one, month: monthAt(one.month) })),
    quantities: state.quantities.map((one) => ({ ...one, month: monthAt(one.month) })),
  }
}

function monthDistance({ fromMonth, toMonth }: Move): number {
  const [first, second] = [`${fromMonth}-01`, `${toMonth}-01`]
  return first <= second ? monthsFrom(first, second).length : -monthsFrom(second, first).length
}

interface Scoped {
  readonly component: string
  readonly scope: LocalDate
  readonly to?: LocalDate | undefined
}

function laidScope({ tariff, from, to }: Move, counter: Scoped): Pick<Scoped, 'scope' | 'to'> {
  const scope = scopesOf(tariff, counter.component).find((one) => instanceAt(one, from).from === counter.scope)
  if (scope === undefined) return { scope: counter.scope, to: counter.to }
  const instance = instanceAt(scope, to)
  return { scope: instance.from, to: counter.to === undefined ? undefined : instance.to }
}

function scopesOf(tariff: ComponentTariff, code: string): readonly Scope[] {
  return tariff.versions
    .flatMap(({ components }) => components)
    .flatMap((component) => {
      if (component.kind !== 'usage' || component.code !== code) return []
      const { model, free } = component
      const ofFree = typeof free === 'object' && 'scope' in free ? [free.scope] : []
      return 'scope' in model ? [model.scope, ...ofFree] : ofFree
    })
}

/**
 * A day that decides how much room a ladder has, in the ladder year of the second bill: it moves by whole years, because months in use count
 * within one.
 */
export function layLadderDay({ tariff, from, to }: Move, date: LocalDate): LocalDate {
  const codes = tariff.versions.flatMap(({ components }) => components.map(({ code }) => code))
  const annual = codes.flatMap((code) => scopesOf(tariff, code)).find(({ of }) => of === 'year')
  const yearOf = (day: LocalDate) => Number((annual === undefined ? day : instanceAt(annual, day).from).slice(0, 4))
  return addMonths(date, 12 * (yearOf(to) - yearOf(from)))
}

/** Billing month of a period whose last local day is known. */
export function billingMonth(period: UsageDocument['periods'][number], lastDay: LocalDate): string {
  return period.month ?? monthStart(lastDay).slice(0, 7)
}
