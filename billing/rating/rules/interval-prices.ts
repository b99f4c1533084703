import { add, multiply, type Rational, zero } from '../../../domain/rational.js'
import { rememberEach } from '../../../domain/remember.js'
import { minuteMs } from '../../../domain/time.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import type { PriceSeries } from '../../tariffs/components/tariff-schema.js'
import type { Charge } from '../charged-line.js'
import type { Frame } from '../context.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { instantOf } from '../usage/local-time.js'
import type { Parcel } from '../usage/parcels.js'
import { exact } from '../usage/register-quantity.js'
import { allowed } from './price-of.js'
import type { PricedUsage } from './slot-quantities.js'

/** Each interval × the price that the series gives for its time, plus a constant; one line, exact. */
export function intervalPrices(
  model: Model & { kind: 'interval_prices' },
  { quantities, parcels: parcelsOf, unit }: PricedUsage,
  frame: Frame,
): readonly Charge[] {
  const parcels = parcelsOf()
  if (parcels === null)
    return refuse('quantity_not_by_slot', frame.path, 'prices by interval need a quantity that is given as intervals')
  const priceAt = createPrices(model.series, frame)
  const plus = model.add === undefined ? zero : evaluate(model.add, { ...frame, slot: null, over: 'period' })
  return quantities.map(({ slot, quantity }) => ({
    slot,
    quantity,
    unit,
    unitPrice: null,
    exact: parcels
      .filter((parcel) => slot === null || parcel.slot === slot)
      .reduce((sum, parcel) => add(sum, multiply(parcel.value, add(priceAt(parcel), plus))), zero),
  }))
}

/** Read once for all accounts that have them. */
const numbersOf = rememberEach((values: PriceSeries['values']) => values.map(exact))

function createPrices(name: string, frame: Frame): (parcel: Parcel) => Rational {
  const { context, segment } = frame
  const known: readonly PriceSeries[] = [...segment.version.series, ...context.usage.series].filter(
    (one) => one.name === name,
  )
  if (known.length === 0) return refuse('series_unknown', frame.path, `no series is ${name}`)
  const laid = known.map(({ start, minutes, values }) => ({
    from: instantOf(context.calendar, start, `${segment.path}.series`),
    stepMs: minutes * minuteMs,
    values: numbersOf(values),
  }))
  return ({ from, to }) => {
    for (const series of laid) {
      const index = Math.floor((from - series.from) / series.stepMs)
      const price = series.values[index]
      if (price !== undefined && to <= series.from + (index + 1) * series.stepMs)
        return allowed(price, frame, `${segment.path}.series`)
    }
    return refuse(
      'series_does_not_cover',
      frame.path,
      `series ${name} gives no one price from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`,
    )
  }
}
