import { formatRational, isOne, largest, type Rational, round, sum, zero } from '../../domain/rational.js'
import { type Calendar, type Instant, localMinute } from '../../domain/time.js'
import type { ComponentTariff, TariffVersion } from '../tariffs/components/tariff-schema.js'
import { componentRounding } from './bases.js'
import type { BillPeriod } from './bill.js'
import type { ChargedLine, Step } from './charged-line.js'
import type { PeriodContext } from './context.js'
import { moneyText } from './money-text.js'
import { roundedGain } from './rounded-gain.js'
import type { Quantity } from './usage/parcels.js'
import { wholeOf } from './usage/relations.js'

/** Closes a rated period: totals, and what the next one has to know. */
export function toBillPeriod(context: PeriodContext, tariff: ComponentTariff): BillPeriod {
  const { calendar, period, span, month, version } = context
  const minuteOf = rememberMinutes(calendar)
  const money = (value: Rational) => moneyText(value, tariff.currency.decimals)
  const totals = componentTotals(context)
  const exact = sum(totals.map((one) => one.exact))
  const added = sum(totals.map((one) => one.amount))
  const amount = roundedTotal(added, version.rounding.total, context.history)
  const quantities = quantitiesOf(context)
  remember(context, totals)
  return {
    start: period.start,
    end: period.end,
    month,
    kind: period.kind,
    settlement: period.settlement,
    lines: context.lines.map((line) => toLineDocument(line, minuteOf, context.explained, money)),
    totals: {
      exact: formatRational(exact),
      amount: money(amount),
      byComponent: totals.map((one) => ({
        component: one.component,
        exact: formatRational(one.exact),
        amount: money(one.amount),
      })),
    },
    quantities,
    ...(context.steps === undefined ? {} : { steps: context.steps().map(stepDocument) }),
    closing: { ...context.history.closing(), ...context.counters.closing(calendar.dateAt(span.to)) },
  }
}

/** No line is called so. */
const carriedTotal = '(total)'

function roundedTotal(
  added: Rational,
  rounding: TariffVersion['rounding']['total'],
  history: PeriodContext['history'],
): Rational {
  if (rounding === undefined) return added
  return rounding.carried === true ? roundedGain(history, carriedTotal, added, rounding) : round(added, rounding)
}

interface ComponentTotal {
  readonly component: string
  readonly quantity: Rational
  readonly exact: Rational
  readonly amount: Rational
}

/** Of all components that have charged something, in the order of their first lines. */
function componentTotals(context: PeriodContext): readonly ComponentTotal[] {
  const { lines } = context
  return [...new Set(lines.filter(({ included }) => !included).map(({ component }) => component))].map((component) => {
    const own = lines.filter((line) => line.component === component && !line.included)
    const added = sum(own.map(({ amount }) => amount))
    const rule = componentRounding(context, component)
    return {
      component,
      quantity: sum(own.map(({ quantity }) => quantity ?? zero)),
      exact: sum(own.map(({ amountExact }) => amountExact)),
      amount: rule === undefined ? added : round(added, rule),
    }
  })
}

/** The lines of a period begin and end at a handful of instants. */
function rememberMinutes(calendar: Calendar): (instant: Instant) => string {
  const minutes = new Map<Instant, string>()
  return (instant) => {
    const known = minutes.get(instant) ?? localMinute(calendar, instant)
    minutes.set(instant, known)
    return known
  }
}

function toLineDocument(
  line: ChargedLine,
  minuteOf: (instant: Instant) => string,
  explained: boolean,
  money: (value: Rational) => string,
): BillPeriod['lines'][number] {
  const {
    component,
    slot,
    block,
    segment,
    quantity,
    unit,
    unitPrice,
    multiple,
    amountExact,
    amount,
    version,
    included,
    steps,
  } = line
  return {
    component,
    slot,
    block,
    segment,
    from: minuteOf(line.from),
    to: minuteOf(line.to),
    quantity: quantity === null ? null : formatRational(quantity),
    unit,
    unitPrice: unitPrice === null ? null : formatRational(unitPrice),
    ...(isOne(multiple) ? {} : { multiple: formatRational(multiple) }),
    amountExact: formatRational(amountExact),
    amount: money(amount),
    version,
    ...(included ? { included } : {}),
    ...(explained ? { steps: steps.map(stepDocument) } : {}),
  }
}

function stepDocument({ rule, inputs, result }: Step) {
  return { rule, inputs: { ...inputs }, result }
}

function quantitiesOf(context: PeriodContext): BillPeriod['quantities'] {
  const listed = [...context.quantities].flatMap(([name, quantity]) => {
    const slots = [...new Set(quantity.parcels.map(({ slot }) => slot))].filter((slot) => slot !== null)
    const ofSlot = (slot: string) =>
      levelOrSum(
        quantity.kind,
        quantity.parcels.filter((parcel) => parcel.slot === slot).map(({ value }) => value),
      )
    const whole =
      quantity.kind === 'stock'
        ? levelOrSum(
            'stock',
            quantity.parcels.map(({ value }) => value),
          )
        : wholeOf(quantity)
    return [
      { name, slot: null as string | null, value: whole },
      ...slots.map((slot) => ({ name, slot, value: ofSlot(slot) })),
    ]
  })
  const known = new Set(listed.map(({ name, slot }) => `${name} ${slot ?? ''}`))
  const derived = [...context.derived.values()].filter(({ name, slot }) => !known.has(`${name} ${slot ?? ''}`))
  return [...listed, ...derived].map(({ name, slot, value }) => ({ name, slot, value: formatRational(value) }))
}

function levelOrSum(kind: Quantity['kind'], values: readonly Rational[]): Rational {
  return kind === 'stock' ? values.reduce((most, value) => largest(most, value), zero) : sum(values)
}

/** Quantities and charges go into the month; once its last settlement is made, nobody asks for the charges any more. */
function remember(context: PeriodContext, totals: readonly ComponentTotal[]): void {
  const { history, month, period, quantities, derived } = context
  for (const [name, quantity] of quantities) {
    const isStock = quantity.kind === 'stock'
    history.addQuantity(
      name,
      null,
      month,
      isStock
        ? levelOrSum(
            'stock',
            quantity.parcels.map(({ value }) => value),
          )
        : wholeOf(quantity),
      isStock,
    )
    for (const slot of new Set(quantity.parcels.map((parcel) => parcel.slot))) {
      const values = quantity.parcels.filter((parcel) => parcel.slot === slot).map(({ value }) => value)
      if (slot !== null) history.addQuantity(name, slot, month, levelOrSum(quantity.kind, values), isStock)
    }
  }
  for (const { name, slot, value, demand } of derived.values()) {
    const kind = quantities.get(name)?.kind
    if (demand !== undefined && kind === undefined) history.addQuantity(name, slot, month, value, demand === 'level')
    if (kind === 'intervals' && slot !== null) history.addQuantity(name, slot, month, value, false)
  }
  for (const { component, quantity, exact, amount } of totals)
    history.addBilled(component, month, quantity, exact, amount)
  if (period.settlement.last) history.endMonth(month)
  else if (history.monthStart(month) === null) history.beginMonth(month, period.start)
}
