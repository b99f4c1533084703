import { add, formatRational, largest, type Rational, zero } from '../../domain/rational.js'
import { exact } from './usage/register-quantity.js'
import type { RatingState } from './usage/usage-schema.js'

/** What earlier periods used and charged, while periods are rated one after the other. Months are `YYYY-MM`. */
export interface History {
  /** Null where nothing is known of the month. */
  readonly quantity: (name: string, slot: string | null, month: string) => Rational | null
  readonly monthsOf: (name: string, slot: string | null) => readonly string[]
  readonly addQuantity: (name: string, slot: string | null, month: string, value: Rational, isStock: boolean) => void
  readonly billed: (component: string, month: string) => { readonly exact: Rational; readonly amount: Rational }
  readonly addBilled: (component: string, month: string, quantity: Rational, exact: Rational, amount: Rational) => void
  /** When the first settlement of a month began whose last one is still to come. */
  readonly monthStart: (month: string) => string | null
  readonly beginMonth: (month: string, start: string) => void
  readonly endMonth: (month: string) => void
  /** Sums of a line that is rounded cumulatively. */
  readonly roundingOf: (line: string) => { readonly exact: Rational; readonly rounded: Rational }
  readonly setRounding: (line: string, exact: Rational, rounded: Rational) => void
  readonly closing: () => Pick<RatingState, 'billed' | 'quantities' | 'rounding' | 'months'>
}

interface Billed {
  readonly component: string
  readonly month: string
  readonly quantity: Rational
  readonly exact: Rational
  readonly amount: Rational
}

export function createHistory(opening: RatingState): History {
  const quantities = new Map(
    opening.quantities.map(({ name, slot = null, month, value }) => [
      idOf(name, slot, month),
      { name, slot, month, value: exact(value) },
    ]),
  )
  const billed = new Map<string, Billed>(
    opening.billed.map(({ component, month, quantity, amountExact, amount }) => [
      idOf(component, null, month),
      { component, month, quantity: exact(quantity), exact: exact(amountExact), amount: exact(amount) },
    ]),
  )
  const months = new Map(opening.months.map(({ month, start }) => [month, start]))
  const rounding = new Map(
    opening.rounding.map((one) => [one.line, { exact: exact(one.exact), rounded: exact(one.rounded) }]),
  )
  return {
    quantity: (name, slot, month) => quantities.get(idOf(name, slot, month))?.value ?? null,
    monthsOf: (name, slot) =>
      [...quantities.values()].filter((one) => one.name === name && one.slot === slot).map(({ month }) => month),
    addQuantity: (name, slot, month, value, isStock) => {
      const id = idOf(name, slot, month)
      const before = quantities.get(id)?.value
      const together = before === undefined ? value : isStock ? largest(before, value) : add(before, value)
      quantities.set(id, { name, slot, month, value: together })
    },
    billed: (component, month) => billed.get(idOf(component, null, month)) ?? { exact: zero, amount: zero },
    addBilled: (component, month, quantity, exactAmount, amount) => {
      const id = idOf(component, null, month)
      const before = billed.get(id)
      billed.set(id, {
        component,
        month,
        quantity: add(before?.quantity ?? zero, quantity),
        exact: add(before?.exact ?? zero, exactAmount),
        amount: add(before?.amount ?? zero, amount),
      })
    },
    monthStart: (month) => months.get(month) ?? null,
    beginMonth: (month, start) => {
      months.set(month, start)
    },
    endMonth: (month) => {
      months.delete(month)
      for (const [id, one] of billed) if (one.month === month) billed.delete(id)
    },
    roundingOf: (line) => rounding.get(line) ?? { exact: zero, rounded: zero },
    setRounding: (line, exactSum, rounded) => {
      rounding.set(line, { exact: exactSum, rounded })
    },
    closing: () => ({
      billed: sorted(billed).map(({ component, month, quantity, exact: exactAmount, amount }) => ({
        component,
        month,
        quantity: formatRational(quantity),
        amountExact: formatRational(exactAmount),
        amount: formatRational(amount),
      })),
      quantities: sorted(quantities).map(({ name, slot, month, value }) => ({
        name,
        ...(slot === null ? {} : { slot }),
        month,
        value: formatRational(value),
      })),
      months: [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, start]) => ({ month, start })),
      rounding: [...rounding]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([line, sums]) => ({ line, exact: formatRational(sums.exact), rounded: formatRational(sums.rounded) })),
    }),
  }
}

function idOf(name: string, slot: string | null, month: string): string {
  return `${name} ${slot ?? ''} ${month}`
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}
